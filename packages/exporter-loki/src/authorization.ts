import { checkOptions, Secret, type SecretInput } from '@spillway/core';

/** User and password for basic authentication; each may be a function that fetches it. */
export interface BasicAuth {
  readonly username: SecretInput;
  readonly password: SecretInput;
}

/**
 * The `authorization` header of the options, made anew for each request, so that secrets can change.
 * @throws TypeError where both kinds are given, or one of them is of the wrong kind; never showing a value.
 */
export function authorizationHeader(options: { readonly basicAuth?: BasicAuth; readonly bearerToken?: SecretInput }): {
  readonly authorization?: () => Promise<string>;
} {
  const { basicAuth, bearerToken } = options;
  if (basicAuth !== undefined && bearerToken !== undefined) {
    throw new TypeError('Expected either `basicAuth` or `bearerToken`, got both.');
  }
  if (bearerToken !== undefined) {
    const token = Secret.from('bearerToken', bearerToken);
    return { authorization: async () => `Bearer ${await token.reveal()}` };
  }
  if (basicAuth === undefined) return {};
  checkOptions(basicAuth);
  const username = Secret.from('basicAuth.username', basicAuth.username);
  if (typeof basicAuth.username === 'string' && basicAuth.username.includes(':')) {
    throw new RangeError('Expected `basicAuth.username` to have no colon: it would end the name.');
  }
  const password = Secret.from('basicAuth.password', basicAuth.password);
  return { authorization: async () => `Basic ${base64(`${await username.reveal()}:${await password.reveal()}`)}` };
}

/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2.1 (UTF-8; read 2026-11-21) */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
