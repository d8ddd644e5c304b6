import { checkFields, optionMessage, Secret, type SecretInput } from '@spillway/core';
import { type BasicAuth, basicCredentials, checkBasicAuth } from '@spillway/delivery';

import { checkObject } from '../check-object.ts';
import { ScrapeAuth, type ScrapeAuthOptions } from './scrape-auth.ts';

export const AUTH_FIELDS: readonly (keyof ScrapeAuthOptions)[] = ['bearerToken', 'basicAuth'];
const BASIC_AUTH_FIELDS: readonly (keyof BasicAuth)[] = ['username', 'password'];

/** What a secret must be to arrive as it was sent: one that cannot would lock everybody out, and nobody would know why. */
interface SecretForm {
  readonly pattern: RegExp;
  readonly rule: string;
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 (read 2026-11-28) */
const TOKEN: SecretForm = { pattern: /^[!-~]+$/, rule: 'a text of visible ASCII characters, without a line break' };
/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2 (read 2026-11-21) */
const NAME_OR_PASSWORD: SecretForm = { pattern: /^\P{Cc}+$/u, rule: 'a text that is not empty and has no line break' };
const REDACTED = '[redacted]';

/**
 * Who may read by the handlers: there it is asked for on purpose, so that nothing at all is a mistake.
 * @throws TypeError or RangeError naming the option that is wrong, never showing a value.
 */
export function resolveHandlerAuth(field: string, options: ScrapeAuthOptions): ScrapeAuth {
  checkObject(field, options);
  checkFields(`${field}.`, options, AUTH_FIELDS);
  const auth = resolveScrapeAuth(field, options);
  if (auth !== undefined) return auth;
  throw new TypeError(optionMessage(field, 'an object with `bearerToken` or `basicAuth`', options, REDACTED));
}

/**
 * @param field name of the options in messages, such as `endpoint`
 * @throws TypeError or RangeError naming the option that is wrong, never showing a value.
 */
export function resolveScrapeAuth(field: string, options: ScrapeAuthOptions): ScrapeAuth | undefined {
  // A secret that is there but undefined, as from an environment that lacks it, must not open what it should close.
  const hasToken = 'bearerToken' in options;
  const hasUser = 'basicAuth' in options;
  if (hasToken && hasUser) {
    throw new TypeError(`Expected either \`${field}.bearerToken\` or \`${field}.basicAuth\`, got both.`);
  }
  if (hasUser) return basic(`${field}.basicAuth`, options.basicAuth);
  return hasToken
    ? new ScrapeAuth('Bearer', 'realm="metrics"', revealer(`${field}.bearerToken`, options.bearerToken, TOKEN))
    : undefined;
}

function basic(field: string, basicAuth: BasicAuth): ScrapeAuth {
  checkBasicAuth(field, basicAuth);
  checkFields(`${field}.`, basicAuth, BASIC_AUTH_FIELDS);
  const username = revealer(`${field}.username`, basicAuth.username, NAME_OR_PASSWORD);
  const password = revealer(`${field}.password`, basicAuth.password, NAME_OR_PASSWORD);
  return new ScrapeAuth('Basic', 'realm="metrics", charset="UTF-8"', async () =>
    basicCredentials(await username(), await password()),
  );
}

/** An empty secret would let in whoever presents nothing: better nobody is let in. */
function revealer(field: string, input: SecretInput, { pattern, rule }: SecretForm): () => Promise<string> {
  const secret = Secret.from(field, input);
  const check = (text: unknown): string => {
    if (typeof text === 'string' && pattern.test(text)) return text;
    throw new (typeof text === 'string' ? RangeError : TypeError)(optionMessage(field, rule, text, REDACTED));
  };
  if (typeof input === 'string') check(input);
  return async () => check(await fetchSecret(field, secret));
}

/** The message of what a user's function throws is left out: it may quote the secret. */
async function fetchSecret(field: string, secret: Secret): Promise<string> {
  try {
    return await secret.reveal();
  } catch (cause) {
    throw new Error(`\`${field}\` could not be fetched.`, { cause });
  }
}
