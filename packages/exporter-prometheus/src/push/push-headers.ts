import { optionMessage, Secret, type SecretInput } from '@spillway/core';

import { HEADER_VALUE_RULE, isHeaderName, isHeaderValue } from '@spillway/delivery';

import type { BasicAuth } from '../pull/scrape-auth.ts';

/** Fetches the headers for one request. Rejects, naming the header, where a value cannot be had or sent. */
export type PushHeaders = () => Promise<Record<string, string>>;

interface HeaderOptions {
  readonly headers?: Readonly<Record<string, SecretInput>>;
  readonly basicAuth?: BasicAuth;
  readonly bearerToken?: SecretInput;
}

type HeaderSource = readonly [name: string, read: () => Promise<string>];

/** Say what a body is, which only the sender knows. */
const BODY_HEADERS = ['content-type', 'content-encoding', 'content-length'];
const REDACTED = '[redacted]';

/**
 * @param field how the options are named in messages, such as `pushgateway`
 * @throws TypeError or RangeError that names the option and never shows a value.
 */
export function checkPushHeaders(field: string, options: HeaderOptions): PushHeaders {
  const authorization = readAuthorization(field, options);
  const taken = authorization === undefined ? BODY_HEADERS : [...BODY_HEADERS, 'authorization'];
  const sources = readHeaders(`${field}.headers`, options.headers ?? {}, taken);
  if (authorization !== undefined) sources.push(['authorization', authorization]);
  return async () => {
    const headers: Record<string, string> = {};
    for (const [name, read] of sources) headers[name] = checkValue(name, await fetchValue(name, read));
    return headers;
  };
}

function readHeaders(
  field: string,
  headers: Readonly<Record<string, SecretInput>>,
  taken: readonly string[],
): HeaderSource[] {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError(optionMessage(field, 'an object of names and values', headers, REDACTED));
  }
  return Object.entries(headers).map(([name, value]): HeaderSource => {
    if (!isHeaderName(name)) {
      throw new RangeError(`Expected every name in \`${field}\` to be a valid HTTP header name.`);
    }
    if (taken.includes(name.toLowerCase())) {
      throw new RangeError(`Expected \`${field}\` not to have \`${name}\`: the exporter sets it.`);
    }
    if (typeof value === 'string') checkValue(`${field}.${name}`, value);
    const secret = Secret.from(`${field}.${name}`, value);
    return [name.toLowerCase(), () => secret.reveal()];
  });
}

function readAuthorization(
  field: string,
  { basicAuth, bearerToken }: HeaderOptions,
): (() => Promise<string>) | undefined {
  if (basicAuth !== undefined && bearerToken !== undefined) {
    throw new TypeError(`Expected either \`${field}.basicAuth\` or \`${field}.bearerToken\`, got both.`);
  }
  if (bearerToken !== undefined) {
    const token = Secret.from(`${field}.bearerToken`, bearerToken);
    return async () => `Bearer ${await token.reveal()}`;
  }
  if (basicAuth === undefined) return undefined;
  return basicAuthorization(`${field}.basicAuth`, basicAuth);
}

/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2 (read 2026-11-21) */
function basicAuthorization(field: string, basicAuth: BasicAuth): () => Promise<string> {
  if (typeof basicAuth !== 'object' || basicAuth === null) {
    throw new TypeError(optionMessage(field, 'an object with `username` and `password`', basicAuth, REDACTED));
  }
  const username = Secret.from(`${field}.username`, basicAuth.username);
  if (typeof basicAuth.username === 'string' && basicAuth.username.includes(':')) {
    throw new RangeError(`Expected \`${field}.username\` to have no colon: it would end the name.`);
  }
  const password = Secret.from(`${field}.password`, basicAuth.password);
  return async () => {
    const pair = `${await username.reveal()}:${await password.reveal()}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  };
}

/** The message of what a user's function throws is left out: it may quote the secret. */
async function fetchValue(name: string, read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (cause) {
    throw new Error(`The value of the header \`${name}\` could not be fetched.`, { cause });
  }
}

/** Returns `value` if it can be sent, else throws: `fetch` would quote it in its own error. */
function checkValue(name: string, value: unknown): string {
  if (isHeaderValue(value)) return value;
  throw new RangeError(`Expected the header \`${name}\` to be ${HEADER_VALUE_RULE}.`);
}
