import { isSameSecret, optionMessage, Secret } from '@spillway/core';

/** Characters that need no escape in a fragment, a header and the name of a subprotocol. */
const TOKEN = /^[\w.~-]{16,256}$/;
const RULE = 'a text of 16 to 256 letters, digits and any of `-._~`';
const TOKEN_BYTES = 16;
const BEARER = /^bearer +(\S+) *$/i;

export const PROTOCOL_NAME = 'spillway.live-tail.1';
const TOKEN_PROTOCOL = 'token.';

/** What clients have to present. */
export class AccessToken {
  readonly #text: string;

  /** @param text random where it is undefined */
  constructor(text: string | undefined) {
    this.#text = text ?? process.getBuiltinModule('node:crypto').randomBytes(TOKEN_BYTES).toString('hex');
  }

  /** The fragment of an address for people: browsers send it nowhere. */
  get fragment(): string {
    return `#token=${this.#text}`;
  }

  /** Whether a header `Authorization` has it. */
  admitsHeader(authorization: string | undefined): boolean {
    return this.#admits(BEARER.exec(authorization ?? '')?.[1]);
  }

  /** Whether a header `Sec-WebSocket-Protocol` has it, as browsers can send no other. */
  admitsProtocols(protocols: readonly string[]): boolean {
    return this.#admits(protocols.find((name) => name.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length));
  }

  #admits(presented = ''): boolean {
    return isSameSecret(presented, this.#text);
  }
}

/** @throws TypeError or RangeError that never shows the token. */
export function resolveToken(field: string, value: unknown): AccessToken {
  if (value === undefined) return new AccessToken(undefined);
  const text = value instanceof Secret && value.isFixed ? value.revealNow() : value;
  if (typeof text === 'string' && TOKEN.test(text)) return new AccessToken(text);
  throw new (typeof text === 'string' ? RangeError : TypeError)(optionMessage(field, RULE, value, '[redacted]'));
}
