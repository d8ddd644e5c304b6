// oxlint-disable-next-line import/no-unassigned-import -- it makes the globals that `idb` asks for
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { onTestFinished, vi } from 'vitest';

import { LeaseClaims } from '../../src/indexed-db-outbox/lease-claims.ts';
import { LockClaims } from '../../src/indexed-db-outbox/lock-claims.ts';
import { PageOutbox } from '../../src/indexed-db-outbox/page-outbox.ts';
import {
  type AdoptedPayload,
  type AdoptionRequest,
  LostPayloadError,
  type Payload,
  TakenOverPayloadError,
} from '../../src/index.ts';
import { testPayload } from '../test-payload.ts';
import { TestLocks, TestPageLocks } from './test-locks.ts';

export type ClaimKind = 'locks' | 'leases';
export const CLAIM_KINDS: readonly ClaimKind[] = ['locks', 'leases'];

const DATABASE_NAME = 'outbox';
const STORES_OF = { heads: ['heads', 'lastHeads'], bodies: ['bodies', 'lastBodies'], leases: ['leases'] } as const;
export const LEASE_MILLIS: number = 5 * 60_000;

/** An origin with an empty storage of its own, which is there until the end of the test. */
export class TestOrigin {
  readonly kind: ClaimKind;
  readonly locks: TestLocks = new TestLocks();
  epochMillis: number = Date.UTC(2026, 10, 29);
  #pageCount = 0;

  /** For those that need nothing of it but that it is empty. */
  static begin(kind: ClaimKind): void {
    void new TestOrigin(kind);
  }

  constructor(kind: ClaimKind) {
    this.kind = kind;
    vi.stubGlobal('indexedDB', new IDBFactory());
    onTestFinished(() => void vi.unstubAllGlobals());
  }

  /** A page, which is closed after the test. */
  open(options: { readonly maxAgeMillis?: number } = {}): TestPage {
    this.#pageCount += 1;
    const page = new TestPage(this, `page${this.#pageCount}`, options.maxAgeMillis ?? 1000);
    onTestFinished(() => page.outbox.close());
    return page;
  }

  /** Keys of all that is stored, of bodies those of the payloads that they belong to, from a connection of its own. */
  async storedKeys(what: keyof typeof STORES_OF = 'heads'): Promise<IDBValidKey[]> {
    const keys: IDBValidKey[] = [];
    for (const store of STORES_OF[what]) {
      keys.push(...(await this.inDatabase([store], (transaction) => transaction.objectStore(store).getAllKeys())));
    }
    const sorted = keys.toSorted((a, b) => indexedDB.cmp(a, b));
    return what === 'bodies' ? payloadKeys(sorted) : sorted;
  }

  /** Whoever meets a key meets a value of it. */
  async store(store: 'heads' | 'bodies', key: IDBValidKey, value: unknown): Promise<void> {
    await this.inDatabase([store], (transaction) => transaction.objectStore(store).put(value, key));
  }

  async inDatabase<T>(stores: string[], work: (transaction: IDBTransaction) => IDBRequest<T>): Promise<T> {
    const database = await requested(indexedDB.open(DATABASE_NAME));
    const result = await requested(work(database.transaction(stores, 'readwrite')));
    database.close();
    return result;
  }
}

/** A page with an outbox, and what happens to it. */
export class TestPage {
  readonly outbox: PageOutbox;
  readonly problems: string[] = [];
  readonly expired: number[] = [];
  nowMillis = 0;
  readonly #origin: TestOrigin;
  readonly #locks: TestPageLocks;
  readonly #listeners = new Map<() => void, 'away' | 'active'>();
  #sessionCount = 0;

  constructor(origin: TestOrigin, name: string, maxAgeMillis: number) {
    this.#origin = origin;
    this.#locks = new TestPageLocks(origin.locks);
    const epochNow = (): number => origin.epochMillis;
    const listen =
      (moment: 'away' | 'active') =>
      (callback: () => void): (() => void) => {
        this.#listeners.set(callback, moment);
        return () => this.#listeners.delete(callback);
      };
    this.outbox = new PageOutbox(
      { databaseName: DATABASE_NAME, maxBytes: 1_000_000, maxAgeMillis },
      {
        claims: (connection) =>
          origin.kind === 'locks'
            ? new LockClaims(this.#locks.manager, DATABASE_NAME)
            : new LeaseClaims({ connection, holder: name, epochNow }),
        newSession: () => `${name}-${(this.#sessionCount += 1)}`,
        onAway: listen('away'),
        onActive: listen('active'),
        now: () => this.nowMillis,
        epochNow,
        onExpired: (count) => this.expired.push(count),
        onProblem: (text, error) => this.problems.push(`${text}: ${String(error)}`),
      },
    );
  }

  get isListening(): boolean {
    return this.#listeners.size > 0;
  }

  away(): void {
    this.#tell('away');
  }

  active(): void {
    this.#tell('active');
  }

  /** The page ends without a word. Others cannot know it before the lease is over, where there are leases. */
  crash(): void {
    this.#locks.end();
    if (this.#origin.kind === 'leases') this.#origin.epochMillis += LEASE_MILLIS + 1;
  }

  /** Puts payloads that are told apart by a number each, under that number. */
  async put(...numbers: number[]): Promise<void> {
    for (const number of numbers) await this.outbox.put(number, numbered(number));
  }

  adopt(request: Partial<AdoptionRequest> = {}): Promise<readonly AdoptedPayload[]> {
    const bounds = { maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true };
    return this.outbox.adopt({ accepts: () => true, ...bounds, ...request });
  }

  /** Takes over what there is, and answers the numbers of it by id. */
  async adoptNumbers(request: Partial<AdoptionRequest> = {}): Promise<number[]> {
    return (await this.adopt(request)).map(({ tenant }) => Number(tenant));
  }

  /** The number of the payload under an id, or why there is none. */
  async read(id: number): Promise<number | 'lost' | 'taken over'> {
    try {
      return Number((await this.outbox.read(id)).tenant);
    } catch (error) {
      if (error instanceof LostPayloadError) return 'lost';
      if (error instanceof TakenOverPayloadError) return 'taken over';
      throw error;
    }
  }

  #tell(now: 'away' | 'active'): void {
    for (const [callback, moment] of this.#listeners) if (moment === now) callback();
  }
}

/** Keys of the payloads that pieces belong to. */
function payloadKeys(pieceKeys: readonly IDBValidKey[]): IDBValidKey[] {
  const keys = pieceKeys as unknown as readonly (readonly [session: string, id: number, index: number])[];
  return [...new Map(keys.map(([session, id]) => [`${session} ${id}`, [session, id]])).values()];
}

export function numbered(number: number, values: Partial<Payload> = {}): Payload {
  return testPayload({ tenant: String(number), takenAtMillis: Date.UTC(2026, 10, 29), ...values });
}

export function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('The request has failed.')));
  });
}
