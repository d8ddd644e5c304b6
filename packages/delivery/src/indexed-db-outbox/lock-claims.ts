import type { Claim, SessionClaims } from './session-claims.ts';

/** Claims that are Web Locks: the browser gives one back when its page ends, however it ends. */
export class LockClaims implements SessionClaims {
  readonly #locks: LockManager;
  readonly #prefix: string;

  constructor(locks: LockManager, databaseName: string) {
    this.#locks = locks;
    this.#prefix = `spillway-outbox:${databaseName}:`;
  }

  claim(session: string): Promise<Claim | undefined> {
    return new Promise((resolve, reject) => {
      const claim = new LockClaim();
      const settled = this.#request(session, (lock) => {
        resolve(lock === null ? undefined : claim);
        return lock === null ? undefined : claim.untilReleased;
      });
      // Rejected too where somebody steals it.
      claim.settled = settled.then(
        () => {},
        (error: unknown) => {
          claim.isHeld = false;
          reject(error);
        },
      );
    });
  }

  async free(sessions: readonly string[]): Promise<string[]> {
    const { held = [] } = await this.#locks.query();
    const names = new Set(held.map(({ name }) => name));
    return sessions.filter((session) => !names.has(this.#prefix + session));
  }

  async #request(session: string, onAnswer: (lock: Lock | null) => Promise<void> | undefined): Promise<void> {
    await this.#locks.request(this.#prefix + session, { ifAvailable: true }, onAnswer);
  }
}

class LockClaim implements Claim {
  isHeld = true;
  settled: Promise<void> = Promise.resolve();
  readonly untilReleased: Promise<void>;
  #resolve = (): void => {};

  constructor() {
    this.untilReleased = new Promise((resolve) => (this.#resolve = resolve));
  }

  release(): Promise<void> {
    this.isHeld = false;
    this.#resolve();
    return this.settled;
  }
}
