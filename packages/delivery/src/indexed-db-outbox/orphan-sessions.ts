import type { AdoptionRequest } from '../outbox.ts';
import type { OutboxDatabase } from './outbox-connection.ts';
import { isHead, type PayloadHead } from './payload-rows.ts';
import type { SessionClaims } from './session-claims.ts';
import { backendOf, Room, type Shares, sharesOf, sumOf, takenAtMillisOf } from './session-shares.ts';
import { askForRoom, type FoundHead, listHeads, listSessions, removeRows, type RowPlace } from './stored-rows.ts';
import type { Tenure, Tenures } from './tenures.ts';

/** A session that was taken over, and the payloads of it that were asked for. */
export interface TakenSession {
  readonly tenure: Tenure;
  /** {@link Tenure.absences} when they were found. */
  readonly absences: number;
  readonly heads: readonly { readonly row: RowPlace; readonly head: PayloadHead }[];
}

export interface OrphanSessionsOptions {
  readonly claims: SessionClaims;
  readonly tenures: Tenures;
  readonly maxAgeMillis: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** Wall clock in milliseconds. */
  readonly epochNow: () => number;
  /** Hears how many payloads were deleted that nobody has sent in time. */
  readonly onExpired: (count: number) => void;
  /** Hears what went wrong while something was taken over all the same. */
  readonly onProblem: (error: unknown) => void;
}

/** A page may have come back since, put more, and left. */
const TRUSTED_MILLIS = 60_000;
/** Chromium knows for 30 s how much room there is, the longer the less of it. */
const ROOM_MILLIS = 20_000;

interface KnownSession {
  readonly shares: Shares;
  readonly knownAtMillis: number;
}

type Accepts = AdoptionRequest['accepts'];

/** Finds sessions whose pages have ended, or are away. */
export class OrphanSessions {
  readonly #options: OrphanSessionsOptions;
  /** What was in sessions that were left as they are, so that they are not read once a second. */
  readonly #known = new Map<string, KnownSession>();
  #askedForRoomAt = -Infinity;

  constructor(options: OrphanSessionsOptions) {
    this.#options = options;
  }

  /**
   * Takes over sessions that nobody has, oldest first, while there is room for all that is accepted of each. What is not
   * accepted stays, until it is too old.
   */
  async take(database: OutboxDatabase, request: AdoptionRequest): Promise<TakenSession[]> {
    const { accepts } = request;
    const room = new Room(request);
    const taken: TakenSession[] = [];
    for (const [session, shares] of await this.#findFree(database)) {
      const isWanted = room.offers(sumOf(shares, (backend) => isAccepted(backend, accepts)));
      if (!isWanted && !this.#hasExpired(shares, accepts)) continue;
      try {
        const one = await this.#takeOne(database, session, accepts, isWanted ? room : undefined);
        if (one !== undefined) taken.push(one);
      } catch (error) {
        this.#options.onProblem(error);
        break;
      }
    }
    return taken;
  }

  /** Sessions that nobody has, with what is in them, the oldest first. */
  async #findFree(database: OutboxDatabase): Promise<[session: string, shares: Shares][]> {
    const { claims, tenures, now } = this.#options;
    if (now() - this.#askedForRoomAt >= ROOM_MILLIS) {
      this.#askedForRoomAt = now();
      askForRoom(database);
    }
    const others = (await listSessions(database)).filter((session) => !tenures.has(session));
    const free = new Set(others.length === 0 ? [] : await claims.free(others));
    for (const session of this.#known.keys()) if (!free.has(session)) this.#known.delete(session);
    for (const session of free) await this.#look(database, session);
    const found = Array.from(this.#known, ([session, { shares }]): [string, Shares] => [session, shares]);
    return found.toSorted(([, a], [, b]) => oldestOf(a) - oldestOf(b));
  }

  async #look(database: OutboxDatabase, session: string): Promise<void> {
    const knownAtMillis = this.#options.now();
    const known = this.#known.get(session);
    if (known !== undefined && knownAtMillis - known.knownAtMillis < TRUSTED_MILLIS) return;
    this.#known.set(session, { shares: sharesOf(await listHeads(database, session)), knownAtMillis });
  }

  /** @param room undefined where nothing is to be taken over, and only what is too old removed */
  async #takeOne(
    database: OutboxDatabase,
    session: string,
    accepts: Accepts,
    room: Room | undefined,
  ): Promise<TakenSession | undefined> {
    const { tenures } = this.#options;
    this.#known.delete(session);
    const tenure = await tenures.take(session);
    if (tenure === undefined) return undefined;
    const { absences } = tenure;
    let isTaken = false;
    try {
      // Anew: until now others may have had it.
      const found = await listHeads(database, session);
      if (!tenure.isOurs) return undefined;
      await this.#removeExpired(database, found, accepts);
      const heads = found.flatMap(({ head, ...row }) =>
        isHead(head) && accepts(head.backendId) ? [{ row, head }] : [],
      );
      const sum = { payloads: heads.length, bytes: heads.reduce((bytes, { head }) => bytes + head.bytes, 0) };
      isTaken = room?.offers(sum) === true;
      if (!isTaken) return undefined;
      room?.take(sum);
      return { tenure, absences, heads };
    } finally {
      if (!isTaken) await tenures.end(tenure);
    }
  }

  #hasExpired(shares: Shares, accepts: Accepts): boolean {
    const { oldestTakenAtMillis } = sumOf(shares, (backend) => !isAccepted(backend, accepts));
    return this.#isTooOld(oldestTakenAtMillis);
  }

  async #removeExpired(database: OutboxDatabase, found: readonly FoundHead[], accepts: Accepts): Promise<void> {
    const expired = found.filter(
      ({ head }) => !isAccepted(backendOf(head), accepts) && this.#isTooOld(takenAtMillisOf(head)),
    );
    if (expired.length === 0) return;
    await removeRows(database, expired);
    this.#options.onExpired(expired.length);
  }

  #isTooOld(takenAtMillis: number): boolean {
    const { epochNow, maxAgeMillis } = this.#options;
    return epochNow() - takenAtMillis > maxAgeMillis;
  }
}

function isAccepted(backend: string | undefined, accepts: Accepts): boolean {
  return backend !== undefined && accepts(backend);
}

function oldestOf(shares: Shares): number {
  return sumOf(shares, () => true).oldestTakenAtMillis;
}
