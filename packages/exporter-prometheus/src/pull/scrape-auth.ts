import { optionMessage, Secret, type SecretInput, withTracingSuppressed } from '@spillway/core';
import { type BasicAuth, basicCredentials, checkBasicAuth } from '@spillway/delivery';

/** Who may read metrics. Give one of the two, or none. */
export interface ScrapeAuthOptions {
  /**
   * Token that a scraper has to present (`authorization.credentials` of Prometheus), or a function that fetches it, called
   * for each request.
   * @defaultValue none: everybody who reaches the address may read
   */
  readonly bearerToken?: SecretInput;
  /** User and password that a scraper has to present (`basic_auth` of Prometheus). @defaultValue none */
  readonly basicAuth?: BasicAuth;
}

/** Credentials as the header `Authorization` has them, behind the name of the scheme. */
const CREDENTIALS = /^(\S+) +(\S+) *$/;

/** Decides who may read. */
export class ScrapeAuth {
  /** Value of `WWW-Authenticate` for those who may not. */
  readonly challenge: string;
  readonly #scheme: string;
  readonly #expected: () => Promise<string>;

  /** @param expected the right credentials */
  constructor(scheme: string, parameters: string, expected: () => Promise<string>) {
    this.challenge = `${scheme} ${parameters}`;
    this.#scheme = scheme.toLowerCase();
    this.#expected = expected;
  }

  /**
   * Whether the header `Authorization` of a request has the right credentials. Rejects where a function of the user does.
   * How long it takes says nothing about them: digests are compared, in constant time.
   */
  async admits(header: string | undefined): Promise<boolean> {
    const [, scheme = '', credentials = ''] = CREDENTIALS.exec(header ?? '') ?? [];
    if (scheme.toLowerCase() !== this.#scheme) return false;
    const expected = await withTracingSuppressed(this.#expected);
    const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto');
    const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(credentials), digest(expected));
  }
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
    ? new ScrapeAuth('Bearer', 'realm="metrics"', revealer(`${field}.bearerToken`, options.bearerToken))
    : undefined;
}

function basic(field: string, basicAuth: BasicAuth): ScrapeAuth {
  checkBasicAuth(field, basicAuth);
  const username = revealer(`${field}.username`, basicAuth.username);
  const password = revealer(`${field}.password`, basicAuth.password);
  return new ScrapeAuth('Basic', 'realm="metrics", charset="UTF-8"', async () =>
    basicCredentials(await username(), await password()),
  );
}

/** An empty secret would let in whoever presents nothing: better nobody is let in. */
function revealer(field: string, input: SecretInput): () => Promise<string> {
  const secret = Secret.from(field, input);
  const rule = 'a text that is not empty';
  if (input === '') throw new RangeError(optionMessage(field, rule, input, '[redacted]'));
  return async () => {
    const text: unknown = await secret.reveal();
    if (typeof text === 'string' && text !== '') return text;
    throw new TypeError(optionMessage(field, rule, text, '[redacted]'));
  };
}
