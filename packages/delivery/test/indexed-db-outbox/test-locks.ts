type LockCallback = (lock: Lock | null) => unknown;

interface HeldLock extends Lock {
  readonly page: TestPageLocks;
  /** Gives it back, whatever its callback says. */
  readonly end: () => void;
}

/**
 * Locks of an origin, as the Web Locks API has them, exclusive ones only: requests are answered in their order and in a
 * later turn; a lock is given back when the promise of its callback settles, or its page ends.
 * @see https://www.w3.org/TR/web-locks/ (read 2026-11-29)
 */
export class TestLocks {
  readonly held: Map<string, HeldLock> = new Map();
  readonly #queue: { readonly name: string; readonly begin: () => void }[] = [];

  /** Names of all that are held, sorted. */
  get heldNames(): string[] {
    return [...this.held.keys()].toSorted();
  }

  async take(page: TestPageLocks, name: string, ifAvailable: boolean, callback: LockCallback): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.held.has(name)) {
      if (ifAvailable) return callback(null);
      await new Promise<void>((begin) => this.#queue.push({ name, begin }));
    }
    const ended = new Promise<never>((_, reject) => {
      const end = (): void => reject(new DOMException('The page has ended.', 'AbortError'));
      this.held.set(name, { name, mode: 'exclusive', page, end });
    });
    try {
      return await Promise.race([callback({ name, mode: 'exclusive' }), ended]);
    } finally {
      this.held.delete(name);
      const next = this.#queue.findIndex((waiting) => waiting.name === name);
      if (next >= 0) this.#queue.splice(next, 1)[0]?.begin();
    }
  }
}

/** What stands for `navigator.locks` of one page. */
export class TestPageLocks {
  readonly #locks: TestLocks;

  constructor(locks: TestLocks) {
    this.#locks = locks;
  }

  /** As code knows it. */
  get manager(): LockManager {
    return {
      request: (name: string, ...rest: [LockOptions, LockCallback] | [LockCallback]) => {
        const [{ ifAvailable = false }, callback] = rest.length === 2 ? rest : [{}, rest[0]];
        return this.#locks.take(this, name, ifAvailable, callback);
      },
      query: async () => ({ held: this.#locks.heldNames.map((name) => ({ name })), pending: [] }),
    } as LockManager;
  }

  /** Takes away what the page holds, as its end does, or somebody who steals it. */
  end(): void {
    for (const { page, end } of this.#locks.held.values()) if (page === this) end();
  }
}
