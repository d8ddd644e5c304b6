const IN_FRAGMENT = 'token';

/**
 * The token that opens the tail: from the address, else from before a reload. It is taken out of the address, so that it
 * stands neither in the history nor in what is copied from there.
 */
export class AccessToken {
  readonly #key: string;

  /** @param basePath two tails of one server have two tokens */
  constructor(basePath: string) {
    this.#key = `spillway.live-tail.token ${basePath}`;
  }

  read(): string | undefined {
    const fragment = new URLSearchParams(location.hash.slice(1));
    const token = fragment.get(IN_FRAGMENT);
    if (token === null) return this.#stored();
    history.replaceState(history.state, '', location.pathname + location.search);
    this.store(token);
    return token;
  }

  store(token: string): void {
    try {
      sessionStorage.setItem(this.#key, token);
    } catch {
      // Storage can be forbidden: then a reload asks again.
    }
  }

  #stored(): string | undefined {
    try {
      return sessionStorage.getItem(this.#key) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
