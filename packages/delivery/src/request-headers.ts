import { optionMessage, Secret, type SecretInput } from '@spillway/core';

import type { Backend } from './backend.ts';
import { checkCredentials, type CredentialOptions } from './credentials.ts';
import { checkHeaderText, checkHeaderValue } from './header-value.ts';
import { namedError } from './named-error.ts';
import type { Payload } from './payload.ts';

/** Headers as users give them: each value a text, or a function that fetches it for each request. */
export type HeaderInputs = Readonly<Record<string, SecretInput>>;

/** Headers whose names and plain values are right; what a function will return is checked when it is sent. */
export type CheckedHeaders = Readonly<Record<string, Secret>>;

/** What an exporter's users may say about the headers of its requests. */
export interface RequestHeaderOptions extends CredentialOptions {
  /** Headers of every request. */
  readonly headers?: HeaderInputs;
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token; read 2026-11-21) */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Say what a body is, which only the sender knows. */
const BODY_HEADERS = ['content-type', 'content-encoding', 'content-length'];

/**
 * The headers of an exporter's requests, credentials included, from the options of its users.
 *
 * @param field how the options are named in messages, such as `pushgateway`; '' where they are those of the exporter itself
 * @param reserved names in lower case that the exporter sets besides those that say what a body is
 * @throws TypeError or RangeError that names the option and never shows a value.
 */
export function checkRequestHeaders(
  field: string,
  options: RequestHeaderOptions,
  reserved: readonly string[] = [],
): CheckedHeaders {
  const prefix = field === '' ? '' : `${field}.`;
  const { headers = {} } = options;
  const checked = checkHeaders(headers, `${prefix}headers`);
  const authorization = checkCredentials(prefix, options);
  const taken = new Set([...BODY_HEADERS, ...reserved]);
  if (authorization !== undefined) taken.add('authorization');
  // Two headers of one meaning would be sent as one, and nobody would see which.
  const clash = Object.keys(headers).find((name) => taken.has(name.toLowerCase()));
  if (clash !== undefined) {
    throw new RangeError(`Expected \`${prefix}headers\` not to have \`${clash}\`: the exporter sets it.`);
  }
  return authorization === undefined ? checked : { ...checked, authorization };
}

/**
 * @param field how the headers are named in messages
 * @throws TypeError or RangeError that names the header and never shows its value.
 */
export function checkHeaders(headers: HeaderInputs, field = 'headers'): CheckedHeaders {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError(optionMessage(field, 'an object of names and values', headers, '[redacted]'));
  }
  const checked: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) {
      throw new RangeError(`Expected every name in \`${field}\` to be a valid HTTP header name.`);
    }
    const valueField = `${field}.${name}`;
    checkHeaderText(valueField, value);
    checked[name.toLowerCase()] = Secret.from(valueField, value);
  }
  return checked;
}

/** The headers with their secrets, for one request. Rejects, naming the header, where a value cannot be had or sent. */
export async function revealHeaders(headers: CheckedHeaders): Promise<Record<string, string>> {
  const revealed: Record<string, string> = {};
  for (const [name, secret] of Object.entries(headers)) {
    revealed[name] = checkHeaderValue(name, await revealSecret(name, secret));
  }
  return revealed;
}

/** The same without waiting: undefined where one of them has to be fetched, or cannot be had. */
export function revealHeadersNow(headers: CheckedHeaders): Record<string, string> | undefined {
  const revealed: Record<string, string> = {};
  try {
    for (const [name, secret] of Object.entries(headers)) {
      const value = secret.revealNow();
      if (value === undefined) return undefined;
      revealed[name] = checkHeaderValue(name, value);
    }
    return revealed;
  } catch {
    return undefined;
  }
}

/** All headers of the request for one payload. */
export function payloadHeaders(
  headers: Readonly<Record<string, string>>,
  { contentType, tenantHeader }: Pick<Backend, 'contentType' | 'tenantHeader'>,
  { contentEncoding, tenant }: Pick<Payload, 'contentEncoding' | 'tenant'>,
): Record<string, string> {
  const all: Record<string, string> = { ...headers, 'content-type': contentType };
  if (contentEncoding !== undefined) all['content-encoding'] = contentEncoding;
  if (tenantHeader !== undefined && tenant !== undefined) all[tenantHeader] = checkHeaderValue(tenantHeader, tenant);
  return all;
}

/** The message of what a user's function throws is left out: it may quote the secret. */
async function revealSecret(name: string, secret: Secret): Promise<unknown> {
  try {
    return await secret.reveal();
  } catch (cause) {
    throw namedError('HeaderError', `The value of the header \`${name}\` could not be fetched.`, cause);
  }
}
