import { startTimer } from '@spillway/retry';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import { namedError } from '../named-error.ts';
import type { PayloadHead, PayloadPiece } from './payload-rows.ts';

const DATABASE_VERSION = 1;
/** A database that could not be opened, or was closed by somebody else, is not tried again before it. */
const RETRY_MILLIS = 1000;
/** While another page deletes or upgrades the database, an opening waits without an event that says so. */
const OPEN_TIMEOUT_MILLIS = 5000;

/** Session and number of a payload. */
export type RowKey = [session: string, id: number];
/** A piece of its bytes, by its place among them. */
type PieceKey = [...RowKey, index: number];

/** Who has the right to a session, where the browser has no locks. */
export interface Lease {
  /** Random name of a page's outbox. */
  readonly holder: string;
  /** When its holder last said that it lives, in milliseconds since the epoch. */
  readonly aliveAtMillis: number;
}

/** Heads apart from bodies, so that they can be listed without reading those. */
export interface OutboxSchema extends DBSchema {
  heads: { key: RowKey; value: PayloadHead };
  bodies: { key: PieceKey; value: PayloadPiece };
  lastHeads: { key: RowKey; value: PayloadHead };
  lastBodies: { key: PieceKey; value: PayloadPiece };
  leases: { key: string; value: Lease };
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>;

export interface OutboxConnectionOptions {
  readonly databaseName: string;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
}

/** What an IndexedDB outbox throws where it cannot do what it is asked; the cause is kept. */
export function indexedDbOutboxError(text: string, cause?: unknown): Error {
  const reason = cause instanceof Error ? `: ${cause.name}: ${cause.message}` : '.';
  return namedError('IndexedDbOutboxError', `${text}${reason}`, cause);
}

/** The connection to the database: made when it is needed, and again where it was lost. */
export class OutboxConnection {
  readonly #options: OutboxConnectionOptions;
  #database: OutboxDatabase | undefined;
  #opening: Promise<OutboxDatabase> | undefined;
  #failure: { readonly error: unknown; readonly millis: number } | undefined;
  #isClosed = false;

  constructor(options: OutboxConnectionOptions) {
    this.#options = options;
  }

  /** The database where it is open now, for those that cannot wait. */
  get database(): OutboxDatabase | undefined {
    return this.#database;
  }

  /** Rejects with what says why it cannot be opened; the same again for a second. */
  async open(): Promise<OutboxDatabase> {
    if (this.#database !== undefined) return this.#database;
    if (this.#isClosed) throw indexedDbOutboxError('The outbox is closed');
    const { now } = this.#options;
    if (this.#failure !== undefined && now() - this.#failure.millis < RETRY_MILLIS) throw this.#failure.error;
    try {
      this.#opening ??= this.#request().finally(() => (this.#opening = undefined));
      return await withinTimeout(this.#opening);
    } catch (cause) {
      this.#failure = { error: indexedDbOutboxError('The database cannot be opened', cause), millis: now() };
      throw this.#failure.error;
    }
  }

  /** Transactions that have begun are finished all the same. */
  close(): void {
    this.#isClosed = true;
    this.#database?.close();
    this.#database = undefined;
  }

  async #request(): Promise<OutboxDatabase> {
    let opened: OutboxDatabase | undefined;
    const database = await openDB<OutboxSchema>(this.#options.databaseName, DATABASE_VERSION, {
      upgrade: createStores,
      // Somebody deletes the database, or a later version of this outbox wants to change it.
      blocking: () => this.#lose(opened, 'Another page has asked to close the database'),
      terminated: () => this.#lose(opened, 'The browser has closed the database'),
    });
    opened = database;
    if (this.#isClosed) {
      database.close();
      throw indexedDbOutboxError('The outbox is closed');
    }
    this.#failure = undefined;
    this.#database = database;
    return database;
  }

  #lose(database: OutboxDatabase | undefined, text: string): void {
    database?.close();
    if (database === undefined || database !== this.#database) return;
    this.#database = undefined;
    this.#failure = { error: indexedDbOutboxError(text), millis: this.#options.now() };
  }
}

function createStores(database: OutboxDatabase): void {
  for (const name of ['heads', 'bodies', 'lastHeads', 'lastBodies', 'leases'] as const)
    database.createObjectStore(name);
}

/** What comes later is not lost: the next one that asks finds it. */
function withinTimeout(opening: Promise<OutboxDatabase>): Promise<OutboxDatabase> {
  return new Promise((resolve, reject) => {
    const onTimeout = (): void => reject(namedError('TimeoutError', `It did not open in ${OPEN_TIMEOUT_MILLIS} ms.`));
    const cancel = startTimer(onTimeout, OPEN_TIMEOUT_MILLIS);
    opening.then(resolve, reject).finally(cancel);
  });
}
