import { Secret, type SecretInput } from '@spillway/core';

import { namedError } from './verdict.ts';

/** Headers as users give them: each value a text, or a function that fetches it for each request. */
export type HeaderInputs = Readonly<Record<string, SecretInput>>;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token; read 2026-11-21) */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters, spaces and tabs of Latin-1: what `fetch` can send, and no line break that would begin another header. */
// oxlint-disable-next-line eslint/no-control-regex
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** @throws TypeError or RangeError that names the header and never shows its value. */
export function checkHeaders(headers: HeaderInputs): Readonly<Record<string, Secret>> {
  const checked: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name))
      throw new RangeError('Expected every name in `headers` to be a valid HTTP header name.');
    if (typeof value === 'string' && !HEADER_VALUE.test(value)) throw invalidValue(name);
    checked[name.toLowerCase()] = Secret.from(`headers.${name}`, value);
  }
  return checked;
}

/** The headers with their secrets, for one request. Rejects, naming the header, where a value cannot be had or sent. */
export async function revealHeaders(headers: Readonly<Record<string, Secret>>): Promise<Record<string, string>> {
  const revealed: Record<string, string> = {};
  for (const [name, secret] of Object.entries(headers)) {
    const value: unknown = await secret.reveal();
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) throw invalidValue(name);
    revealed[name] = value;
  }
  return revealed;
}

function invalidValue(name: string): Error {
  return namedError(
    'HeaderError',
    `Expected the header \`${name}\` to be text of Latin-1 characters without line breaks.`,
  );
}
