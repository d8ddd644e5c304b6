import { optionMessage, Secret, type SecretInput } from '@spillway/core';

import { namedError } from './named-error.ts';

/** Headers as users give them: each value a text, or a function that fetches it for each request. */
export type HeaderInputs = Readonly<Record<string, SecretInput>>;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token; read 2026-11-21) */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters, spaces and tabs of Latin-1: what `fetch` can send, and no line break that would begin another header. */
// oxlint-disable-next-line eslint/no-control-regex
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** What {@link isHeaderValue} asks for, in words. */
export const HEADER_VALUE_RULE = 'text of Latin-1 characters without line breaks';
const REDACTED = '[redacted]';

/** Whether a text can be the name of a header. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

/** Whether a value can be sent in a header. */
export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && HEADER_VALUE.test(value);
}

/** @throws TypeError or RangeError that names the header and never shows its value. */
export function checkHeaders(headers: HeaderInputs): Readonly<Record<string, Secret>> {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError(optionMessage('headers', 'an object of names and values', headers, REDACTED));
  }
  const checked: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name)) throw new RangeError('Expected every name in `headers` to be a valid HTTP header name.');
    const field = `headers.${name}`;
    if (typeof value === 'string' && !isHeaderValue(value)) {
      throw new RangeError(optionMessage(field, HEADER_VALUE_RULE, value, REDACTED));
    }
    checked[name.toLowerCase()] = Secret.from(field, value);
  }
  return checked;
}

/** The headers with their secrets, for one request. Rejects, naming the header, where a value cannot be had or sent. */
export async function revealHeaders(headers: Readonly<Record<string, Secret>>): Promise<Record<string, string>> {
  const revealed: Record<string, string> = {};
  for (const [name, secret] of Object.entries(headers)) {
    revealed[name] = checkHeaderValue(name, await secret.reveal());
  }
  return revealed;
}

/** Returns `value` if it can be sent, else throws: `fetch` would quote it in its own error. */
export function checkHeaderValue(name: string, value: unknown): string {
  if (isHeaderValue(value)) return value;
  throw namedError('HeaderError', `Expected the header \`${name}\` to be ${HEADER_VALUE_RULE}.`);
}
