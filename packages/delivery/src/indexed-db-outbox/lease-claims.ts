import { startTimer } from '@spillway/retry';

import type { Lease, OutboxConnection, OutboxDatabase } from './outbox-connection.ts';
import type { Claim, SessionClaims } from './session-claims.ts';
import { writeIn } from './write-transaction.ts';

/** Browsers run timers of pages in the background once a minute at least. */
const REFRESH_MILLIS = 20_000;
/** A holder that has not been heard of for so long has ended. */
const LEASE_MILLIS = 5 * 60_000;
/** A holder that wakes up after a sleep acts on its own lease for so long only: well before anybody else may. */
const TRUSTED_MILLIS = 4 * 60_000;

export interface LeaseClaimsOptions {
  readonly connection: OutboxConnection;
  /** Random name of this page's outbox. */
  readonly holder: string;
  /** Wall clock in milliseconds, which all pages share. */
  readonly epochNow: () => number;
}

/**
 * Claims that are rows of the database, for browsers and pages without Web Locks: one that is not renewed ends by itself.
 * A clock that is set forward by minutes ends all of them; whoever is first then has them.
 */
export class LeaseClaims implements SessionClaims {
  readonly #options: LeaseClaimsOptions;

  constructor(options: LeaseClaimsOptions) {
    this.#options = options;
  }

  async claim(session: string): Promise<Claim | undefined> {
    const aliveAtMillis = await renew(session, this.#options, (lease) => this.#isFree(lease));
    return aliveAtMillis === undefined ? undefined : new LeaseClaim(session, aliveAtMillis, this.#options);
  }

  async free(sessions: readonly string[]): Promise<string[]> {
    const database = await this.#options.connection.open();
    const transaction = database.transaction('leases', 'readonly');
    const [names, leases] = await Promise.all([
      transaction.store.getAllKeys(),
      transaction.store.getAll(),
      transaction.done,
    ]);
    const bySession = new Map(names.map((name, index) => [name, leases[index]]));
    const spent = names.filter((name) => !sessions.includes(name) && this.#isEnded(bySession.get(name)));
    if (spent.length > 0) await this.#forget(database, spent);
    return sessions.filter((session) => this.#isEnded(bySession.get(session)));
  }

  /** Removes leases of pages that have ended, and left nothing else. */
  async #forget(database: OutboxDatabase, sessions: readonly string[]): Promise<void> {
    const transaction = database.transaction('leases', 'readwrite', { durability: 'relaxed' });
    const forget = async (session: string): Promise<void> => {
      if (this.#isEnded(await transaction.store.get(session))) await transaction.store.delete(session);
    };
    await Promise.all([...sessions.map(forget), transaction.done]);
  }

  #isFree(lease: Lease | undefined): boolean {
    return lease?.holder === this.#options.holder || this.#isEnded(lease);
  }

  #isEnded(lease: Lease | undefined): boolean {
    // No less than so long, for rows that are not what was written.
    return !(Math.abs(this.#options.epochNow() - Number(lease?.aliveAtMillis)) < LEASE_MILLIS);
  }
}

class LeaseClaim implements Claim {
  readonly #session: string;
  readonly #options: LeaseClaimsOptions;
  #aliveAtMillis: number;
  #isOver = false;
  #cancelTimer: () => void = () => {};

  constructor(session: string, aliveAtMillis: number, options: LeaseClaimsOptions) {
    this.#session = session;
    this.#aliveAtMillis = aliveAtMillis;
    this.#options = options;
    this.#refreshLater();
  }

  get isHeld(): boolean {
    return !this.#isOver && Math.abs(this.#options.epochNow() - this.#aliveAtMillis) < TRUSTED_MILLIS;
  }

  async release(): Promise<void> {
    const { isHeld } = this;
    this.#isOver = true;
    this.#cancelTimer();
    const { database } = this.#options.connection;
    // One that may have ended may be somebody else's.
    if (!isHeld || database === undefined) return;
    try {
      const session = this.#session;
      await writeIn(database, ['leases'], function* (transaction) {
        yield transaction.objectStore('leases').delete(session);
        transaction.commit();
      });
    } catch {
      // It ends by itself.
    }
  }

  #refreshLater(): void {
    this.#cancelTimer = startTimer(() => void this.#refresh(), REFRESH_MILLIS);
  }

  async #refresh(): Promise<void> {
    const { holder, connection } = this.#options;
    try {
      if (this.isHeld && connection.database !== undefined) {
        const aliveAtMillis = await renew(this.#session, this.#options, (lease) => lease?.holder === holder);
        if (aliveAtMillis === undefined) this.#isOver = true;
        else this.#aliveAtMillis = aliveAtMillis;
      }
    } catch {
      // The next time, or whoever needs it takes it anew.
    }
    if (!this.#isOver) this.#refreshLater();
  }
}

/** Writes that the holder lives, where it may; answers when, or undefined where it may not. */
async function renew(
  session: string,
  { connection, holder, epochNow }: LeaseClaimsOptions,
  isAllowed: (lease: Lease | undefined) => boolean,
): Promise<number | undefined> {
  const database = await connection.open();
  const transaction = database.transaction('leases', 'readwrite', { durability: 'relaxed' });
  const compareAndSet = async (): Promise<number | undefined> => {
    if (!isAllowed(await transaction.store.get(session))) return undefined;
    const aliveAtMillis = epochNow();
    await transaction.store.put({ holder, aliveAtMillis }, session);
    return aliveAtMillis;
  };
  const [aliveAtMillis] = await Promise.all([compareAndSet(), transaction.done]);
  return aliveAtMillis;
}
