import {
  type AdoptedPayload,
  type AdoptionRequest,
  LostPayloadError,
  type Outbox,
  TakenOverPayloadError,
} from '../outbox.ts';
import type { Payload } from '../payload.ts';
import { indexedDbOutboxError, OutboxConnection, type OutboxDatabase } from './outbox-connection.ts';
import { OrphanSessions, type TakenSession } from './orphan-sessions.ts';
import type { PageOutboxOptions, PageOutboxSurroundings } from './page-outbox-options.ts';
import type { Area } from './store-areas.ts';
import { type OnBegun, PendingPuts } from './pending-puts.ts';
import { putRows, readRow, removeRows } from './stored-rows.ts';
import { type Place, type Tenure, Tenures } from './tenures.ts';

/**
 * The outbox of one page. What it puts is of one session, to which it alone has the claim while it lives and is not away;
 * sessions that nobody has a claim to are taken over. Nothing is asked for, opened or listened to before it is used.
 */
export class PageOutbox implements Outbox {
  readonly maxBytes: number;
  readonly maxAgeMillis: number;
  readonly writesAhead = true;

  readonly #surroundings: PageOutboxSurroundings;
  readonly #connection: OutboxConnection;
  readonly #tenures: Tenures;
  readonly #orphans: OrphanSessions;
  readonly #places = new Map<number, Place>();
  readonly #puts = new PendingPuts();
  /** Payloads that nobody here wants any more, and whose rows could not be removed yet. */
  readonly #unremoved = new Set<Place>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #stops: (() => void)[] = [];
  #isStarted = false;
  #lastAdoptedId = 0;
  #isClosed = false;

  constructor(options: PageOutboxOptions, surroundings: PageOutboxSurroundings) {
    const { databaseName, maxBytes, maxAgeMillis } = options;
    this.maxBytes = maxBytes;
    this.maxAgeMillis = maxAgeMillis;
    this.#surroundings = surroundings;
    const { now, epochNow, newSession, onExpired, onProblem } = surroundings;
    this.#connection = new OutboxConnection({ databaseName, now });
    const claims = surroundings.claims(this.#connection);
    this.#tenures = new Tenures(claims, newSession);
    this.#orphans = new OrphanSessions({
      claims,
      tenures: this.#tenures,
      maxAgeMillis,
      now,
      epochNow,
      onExpired,
      onProblem: (error) => onProblem('What a page has left cannot be taken over', error),
    });
  }

  put(id: number, payload: Payload): Promise<void> {
    const payloads = new Map([[id, payload]]);
    // A page that is away may not be back: what it logs all the same does not wait for that.
    if (!this.#isClosed && this.#tenures.isAway && this.#last !== undefined) return this.putNow(payloads);
    return this.#puts.run(id, (onBegun) =>
      this.#run(async () => {
        const { database, tenure } = await this.#ready();
        await this.#put(database, tenure, payloads, 'ordinary', onBegun);
      }),
    );
  }

  withdraw(id: number): boolean {
    return this.#puts.withdraw(id);
  }

  /**
   * Throws where the page has no connection or no session yet: before it has put or adopted anything. The last that is
   * logged may come when the page is away already.
   */
  putNow(payloads: ReadonlyMap<number, Payload>): Promise<void> {
    const last = this.#last;
    if (this.#isClosed || last === undefined)
      throw indexedDbOutboxError('The outbox is closed, or its database is not open now');
    return this.#run(() => this.#put(last.database, last.tenure, payloads, 'last'));
  }

  async read(id: number): Promise<Payload> {
    const place = this.#places.get(id);
    if (place === undefined) throw new LostPayloadError(`The outbox holds no payload ${id}.`);
    return this.#run(() => this.#read(id, place));
  }

  async isTakenOver(id: number): Promise<boolean> {
    const place = this.#places.get(id);
    // What was not away was nobody else's.
    if (place === undefined || (place.tenure.isOurs && place.tenure.absences === place.absences)) return false;
    return this.#run(() => this.#read(id, place)).then(
      () => false,
      (error: unknown) => error instanceof TakenOverPayloadError,
    );
  }

  /** Resolves also where the row cannot be removed now: that is tried again. */
  async remove(id: number): Promise<void> {
    const place = this.#places.get(id);
    if (!this.#places.delete(id) || place === undefined) return;
    this.#unremoved.add(place);
    await this.#run(() => this.#remove([place])).catch(() => {});
  }

  /**
   * Takes over sessions of pages that have ended or are away. No payload is `isOwn`: an outbox that stood in for one that has
   * ended in this page would have to be told its name, and none is.
   */
  async adopt(request: AdoptionRequest): Promise<readonly AdoptedPayload[]> {
    try {
      return await this.#run(() => this.#adopt(request));
    } catch {
      return [];
    }
  }

  /** Waits for what has begun, and leaves what it holds to other pages. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#tenures.stopWaiting();
    await Promise.allSettled(this.#running);
    for (const stop of this.#stops.splice(0)) stop();
    await this.#tenures.close();
    this.#connection.close();
    this.#places.clear();
    this.#unremoved.clear();
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw indexedDbOutboxError('The outbox is closed');
    this.#start();
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const { onAway, onActive } = this.#surroundings;
    this.#stops.push(
      onAway(() => this.#tenures.leave()),
      onActive(() => this.#tenures.return()),
    );
  }

  /** Where the last can be put without waiting. */
  get #last(): { database: OutboxDatabase; tenure: Tenure } | undefined {
    const { database } = this.#connection;
    const tenure = this.#tenures.ownLast;
    return database === undefined || tenure === undefined ? undefined : { database, tenure };
  }

  /** The database and the page's own session, both as they are now. */
  async #ready(): Promise<{ database: OutboxDatabase; tenure: Tenure }> {
    for (;;) {
      const [tenure, database] = await Promise.all([this.#tenures.own(), this.#connection.open()]);
      // The one may have been lost while the other was waited for.
      if (this.#tenures.ownNow === tenure && this.#connection.database === database) return { database, tenure };
    }
  }

  /** Begins to write before it returns. */
  async #put(
    database: OutboxDatabase,
    tenure: Tenure,
    payloads: ReadonlyMap<number, Payload>,
    area: Area,
    onBegun?: OnBegun,
  ): Promise<void> {
    const { absences, session } = tenure;
    try {
      await putRows(database, area, session, payloads, onBegun);
    } catch (cause) {
      throw indexedDbOutboxError('The database does not take the payload', cause);
    }
    for (const id of payloads.keys()) {
      const earlier = this.#places.get(id);
      if (earlier !== undefined && (earlier.tenure !== tenure || earlier.row.area !== area)) {
        this.#unremoved.add(earlier);
      }
      this.#places.set(id, { tenure, row: { area, key: [session, id] }, absences });
    }
  }

  async #read(id: number, { tenure, row, absences }: Place): Promise<Payload> {
    const database = await this.#openOurs(tenure);
    const payload = database === undefined ? undefined : await readRow(database, row);
    // The page may have been away meanwhile.
    await this.#tenures.settle();
    if (tenure.isLost) throw new TakenOverPayloadError(`Another page has taken over payload ${id}.`);
    if (payload !== undefined) return payload;
    if (tenure.absences > absences) throw new TakenOverPayloadError(`Another page has sent payload ${id}.`);
    throw new LostPayloadError(`The database has no payload ${id}, or it is damaged.`);
  }

  /** Removes rows of payloads that nobody here wants any more. */
  async #remove(places: readonly Place[]): Promise<void> {
    for (const place of places) {
      const { tenure, row } = place;
      const database = await this.#openOurs(tenure);
      if (database !== undefined) await removeRows(database, [row]);
      if (!this.#unremoved.delete(place) || tenure.heldCount === 0) continue;
      tenure.heldCount -= 1;
      if (tenure.heldCount === 0) await this.#tenures.end(tenure);
    }
  }

  /** The database, once it is known that what is in a session is ours; undefined where it is not. */
  async #openOurs(tenure: Tenure): Promise<OutboxDatabase | undefined> {
    for (;;) {
      await this.#tenures.settle();
      if (tenure.isLost || tenure.isEnded) return undefined;
      const database = await this.#connection.open();
      if (tenure.isOurs && this.#connection.database === database) return database;
    }
  }

  async #adopt(request: AdoptionRequest): Promise<AdoptedPayload[]> {
    // Where it cannot be opened, whoever puts something is told.
    const { database } = await this.#ready();
    try {
      await this.#remove([...this.#unremoved]);
      const taken = await this.#orphans.take(database, request);
      return taken.flatMap((one) => this.#takeIn(one));
    } catch (error) {
      if (!this.#isClosed) this.#surroundings.onProblem('What pages have left cannot be taken over', error);
      return [];
    }
  }

  #takeIn({ tenure, absences, heads }: TakenSession): AdoptedPayload[] {
    tenure.heldCount = heads.length;
    return heads.map(({ row, head }) => {
      this.#lastAdoptedId -= 1;
      this.#places.set(this.#lastAdoptedId, { tenure, row, absences });
      return { ...head, id: this.#lastAdoptedId, isOwn: false };
    });
  }
}
