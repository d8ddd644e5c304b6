import { isSameSecret, type SecretInput, withTracingSuppressed } from '@spillway/core';
import type { BasicAuth } from '@spillway/delivery';

/** Who may read metrics. Give one of the two, or none. */
export interface ScrapeAuthOptions {
  /**
   * Token that a scraper has to present (`authorization.credentials` of Prometheus), or a function that fetches it, called
   * for each request. Visible ASCII characters, which is all that a header can carry without doubt.
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
   */
  async admits(header: string | undefined): Promise<boolean> {
    const [, scheme = '', credentials = ''] = CREDENTIALS.exec(header ?? '') ?? [];
    if (scheme.toLowerCase() !== this.#scheme) return false;
    const expected = await withTracingSuppressed(this.#expected);
    return isSameSecret(credentials, expected);
  }
}
