import { optionMessage, Secret, type SecretInput, utf8Encoder } from '@spillway/core';

import { checkHeaderText } from './header-value.ts';

/** User and password of basic authentication; each may be a function that fetches it. */
export interface BasicAuth {
  /** Without a colon, which would end the name. */
  readonly username: SecretInput;
  readonly password: SecretInput;
}

/** What proves who sends a request: one of the two, or none. */
export interface CredentialOptions {
  /** User and password for basic authentication. */
  readonly basicAuth?: BasicAuth;
  /** Token for bearer authentication, or a function that fetches it. */
  readonly bearerToken?: SecretInput;
}

/**
 * The value of the header `authorization`, made anew for each request, so that secrets can change; undefined without
 * credentials.
 *
 * @param prefix stands before the names of the options in messages, such as `pushgateway.`
 * @throws TypeError or RangeError that names the option and never shows a value.
 */
export function checkCredentials(prefix: string, { basicAuth, bearerToken }: CredentialOptions): Secret | undefined {
  if (basicAuth !== undefined && bearerToken !== undefined) {
    throw new TypeError(`Expected either \`${prefix}basicAuth\` or \`${prefix}bearerToken\`, got both.`);
  }
  if (bearerToken !== undefined) {
    const field = `${prefix}bearerToken`;
    checkHeaderText(field, bearerToken);
    const token = Secret.from(field, bearerToken);
    return Secret.combine([token], (text) => `Bearer ${text}`);
  }
  if (basicAuth === undefined) return undefined;
  const field = `${prefix}basicAuth`;
  const { username, password } = checkBasicAuth(field, basicAuth);
  return Secret.combine([username, password], (user, word) => `Basic ${basicCredentials(user, word)}`);
}

/** @throws TypeError or RangeError that names the option and never shows a value. */
export function checkBasicAuth(
  field: string,
  basicAuth: BasicAuth,
): { readonly username: Secret; readonly password: Secret } {
  if (typeof basicAuth !== 'object' || basicAuth === null) {
    throw new TypeError(optionMessage(field, 'an object with `username` and `password`', basicAuth, '[redacted]'));
  }
  const username = Secret.from(`${field}.username`, basicAuth.username);
  if (typeof basicAuth.username === 'string' && basicAuth.username.includes(':')) {
    throw new RangeError(`Expected \`${field}.username\` to have no colon: it would end the name.`);
  }
  return { username, password: Secret.from(`${field}.password`, basicAuth.password) };
}

/**
 * User and password as the header has them, behind the name of the scheme.
 * @see https://www.rfc-editor.org/rfc/rfc7617#section-2.1 (UTF-8; read 2026-11-21)
 */
export function basicCredentials(username: string, password: string): string {
  return btoa(String.fromCharCode(...utf8Encoder.encode(`${username}:${password}`)));
}
