import { indexedDbOutboxError } from './outbox-connection.ts';
import type { Claim, SessionClaims } from './session-claims.ts';
import type { RowPlace } from './stored-rows.ts';

/** A session whose payloads are ours to send, for as long as we have the claim to it. */
export class Tenure {
  readonly session: string;
  claim: Claim;
  /** Whether somebody else has it now, for good as far as we are concerned. */
  isLost = false;
  /** Whether we have given it back for good. */
  isEnded = false;
  /** How often it was not ours for a while: others may have sent then what was put before. */
  absences = 0;
  /** How many of its payloads were taken over by us and are not removed. */
  heldCount = 0;

  constructor(session: string, claim: Claim) {
    this.session = session;
    this.claim = claim;
  }

  /** Whether something may be put and sent under it now. */
  get isOurs(): boolean {
    return !this.isLost && !this.isEnded && this.claim.isHeld;
  }
}

/** Where a payload is. */
export interface Place {
  readonly tenure: Tenure;
  readonly row: RowPlace;
  /** {@link Tenure.absences} when it was put or found. */
  readonly absences: number;
}

/**
 * The sessions of a page: its own, which begins when it is needed, and those that it has taken over. All claims are given
 * up while the page is away, so that others can go on with what it has put; when it returns, it has again what is free.
 */
export class Tenures {
  readonly #claims: SessionClaims;
  readonly #newSession: () => string;
  readonly #all = new Set<Tenure>();
  #own: Tenure | undefined;
  #beginning: Promise<void> | undefined;
  #regaining: Promise<void> | undefined;
  #absence: { readonly ends: Promise<void>; readonly end: () => void } | undefined;
  #waitsNoMore = false;
  #isClosed = false;

  constructor(claims: SessionClaims, newSession: () => string) {
    this.#claims = claims;
    this.#newSession = newSession;
  }

  /** Its own session, for those that cannot wait; undefined where it is not ours now. */
  get ownNow(): Tenure | undefined {
    return this.#own?.isOurs === true ? this.#own : undefined;
  }

  /** Its own session, also while the page is away: who has it then finds later what is put under it meanwhile. */
  get ownLast(): Tenure | undefined {
    return this.#own?.isEnded === true || this.#own?.isLost === true ? undefined : this.#own;
  }

  /** Whether the page is, or all is closed. */
  get isAway(): boolean {
    return this.#absence !== undefined || this.#isClosed;
  }

  has(session: string): boolean {
    return [...this.#all].some((tenure) => tenure.session === session);
  }

  /** The page may be frozen right after. */
  leave(): void {
    if (this.#absence !== undefined || this.#isClosed) return;
    this.#absence = startAbsence();
    for (const { claim } of this.#all) void claim.release();
  }

  return(): void {
    const absence = this.#absence;
    if (absence === undefined) return;
    this.#absence = undefined;
    absence.end();
    // At once, before others look. What fails here, whoever needs it meets again.
    this.settle().catch(() => {});
  }

  /** Waits while the page is away, and then until it is known of each session whether it still is ours. */
  async settle(): Promise<void> {
    for (;;) {
      const isAway = this.#absence !== undefined;
      if (this.#isClosed || (isAway && this.#waitsNoMore)) throw indexedDbOutboxError('The outbox is closed');
      if (this.#absence !== undefined) await this.#absence.ends;
      else if ([...this.#all].every(({ claim }) => claim.isHeld)) return;
      else await (this.#regaining ??= this.#regain().finally(() => (this.#regaining = undefined)));
    }
  }

  /** The page's own session. */
  async own(): Promise<Tenure> {
    for (;;) {
      await this.settle();
      if (this.#own !== undefined) return this.#own;
      await (this.#beginning ??= this.#begin().finally(() => (this.#beginning = undefined)));
    }
  }

  /** Takes over a session; undefined where somebody else has it, or the page goes away. */
  async take(session: string): Promise<Tenure | undefined> {
    const claim = await this.#claims.claim(session);
    if (claim === undefined) return undefined;
    if (this.isAway) {
      await claim.release();
      return undefined;
    }
    const tenure = new Tenure(session, claim);
    this.#all.add(tenure);
    return tenure;
  }

  /** Gives a session back. */
  async end(tenure: Tenure): Promise<void> {
    tenure.isEnded = true;
    if (this.#all.delete(tenure)) await tenure.claim.release();
  }

  /** Whoever waits for the return of the page waits in vain. */
  stopWaiting(): void {
    this.#waitsNoMore = true;
    this.#absence?.end();
  }

  /** Gives all sessions back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.stopWaiting();
    await Promise.allSettled([this.#beginning, this.#regaining]);
    await Promise.all([...this.#all].map((tenure) => this.end(tenure)));
    this.#own = undefined;
  }

  async #begin(): Promise<void> {
    this.#own = await this.take(this.#newSession());
  }

  async #regain(): Promise<void> {
    for (const tenure of this.#all) {
      if (tenure.claim.isHeld) continue;
      // What is not given up yet would seem to be somebody else's.
      await tenure.claim.release();
      const claim = await this.#claims.claim(tenure.session);
      if (this.isAway || !this.#all.has(tenure)) {
        await claim?.release();
        return;
      }
      if (claim === undefined) this.#lose(tenure);
      else {
        tenure.absences += 1;
        tenure.claim = claim;
      }
    }
  }

  #lose(tenure: Tenure): void {
    tenure.isLost = true;
    this.#all.delete(tenure);
    if (tenure === this.#own) this.#own = undefined;
  }
}

function startAbsence(): { ends: Promise<void>; end: () => void } {
  let onEnd: (() => void) | undefined;
  const ends = new Promise<void>((resolve) => (onEnd = resolve));
  return { ends, end: () => onEnd?.() };
}
