import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { LostPayloadError } from '../outbox.ts';
import type { Payload } from '../payload.ts';
import { DamagedFileError, fileOutboxError, isBusy, isDamage } from './database-error.ts';
import { FreeSpace } from './free-space.ts';
import { createTables, type DatabaseSettings, openLocked } from './locked-database.ts';
import type { FileIdentity, OutboxDirectory } from './outbox-directory.ts';
import {
  HEAD_EXPRESSIONS,
  isReadable,
  isWhole,
  type PayloadHead,
  payloadOf,
  type PayloadRow,
  ROW_COLUMNS,
  rowOf,
  type StoredRow,
} from './payload-row.ts';
import { readableRows } from './readable-rows.ts';

const MAX_CREATE_ATTEMPTS = 5;

const INSERT = `INSERT INTO payloads (id, ${ROW_COLUMNS.join(', ')}) VALUES (?, ${ROW_COLUMNS.map(() => '?').join(', ')})`;

/** Rows of one file that is open, and locked for as long as it is. */
export class PayloadDatabase {
  readonly path: string;
  /** Payloads that the outbox can be asked for; those of backends that nobody accepts are not among them. */
  heldCount = 0;
  /** Rows in the file, those that are to be removed included. */
  rowCount = 0;
  /** Whether it is damaged, and could not be replaced. It is not written to any more. */
  isDamaged = false;

  readonly #database: DatabaseSync;
  readonly #identity: FileIdentity;
  readonly #freeSpace: FreeSpace;
  /** The `-wal` as it was once there was one; undefined of a file that is not written to. */
  #wal: FileIdentity | undefined;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;
  /** Rows that were read and are not what was written: evidence, which stays. */
  readonly #lost = new Set<number>();
  /** Rows of a version that this one does not know, which stay for one that does. */
  readonly #unknown = new Set<number>();
  /** Rows whose removal has failed. */
  readonly #unremoved = new Set<number>();

  /** @param database has the tables of an outbox, and its lock */
  constructor(path: string, database: DatabaseSync, identity: FileIdentity) {
    this.path = path;
    this.#database = database;
    this.#identity = identity;
    this.#freeSpace = new FreeSpace(database);
    this.#insert = database.prepare(INSERT);
    this.#select = database.prepare(`SELECT ${HEAD_EXPRESSIONS}, record_offsets, body FROM payloads WHERE id = ?`);
    this.#delete = database.prepare('DELETE FROM payloads WHERE id = ?');
  }

  /** Makes a new file, under this name where it is free, else under a new one of its series. */
  static create(directory: OutboxDirectory, fileName: string, settings: DatabaseSettings): PayloadDatabase {
    for (let attempt = 0; attempt < MAX_CREATE_ATTEMPTS; attempt += 1) {
      const created = PayloadDatabase.#tryToCreate(directory, directory.create(fileName), settings);
      if (created !== undefined) return created;
    }
    throw fileOutboxError(`Other processes took each of ${MAX_CREATE_ATTEMPTS} new files in ${directory.path}.`);
  }

  /**
   * Undefined where another process was quicker to lock it, which takes an empty file for one that was left behind, and
   * removes it.
   */
  static #tryToCreate(
    directory: OutboxDirectory,
    path: string,
    settings: DatabaseSettings,
  ): PayloadDatabase | undefined {
    const identity = directory.identityOf(path);
    if (identity === undefined) return undefined;
    let database: DatabaseSync | undefined;
    try {
      database = openLocked(path, settings);
      createTables(database);
      const created = new PayloadDatabase(path, database, identity);
      created.#wal = directory.identityOf(`${path}-wal`);
      if (created.isInPlace(directory)) return created;
      database.close();
      return undefined;
    } catch (error) {
      const isGone = !directory.holds(path, identity);
      if (!isGone && !isBusy(error)) directory.remove(path);
      database?.close();
      if (isGone || isBusy(error)) return undefined;
      throw error;
    }
  }

  /** What can be read of it, although it is damaged. */
  readableRows(): Iterable<StoredRow> {
    return readableRows(this.#database);
  }

  /** Whether what is written still goes where it can be found: SQLite writes to a file that was removed without a word. */
  isInPlace(directory: OutboxDirectory): boolean {
    return this.isAtItsPath(directory) && (this.#wal === undefined || directory.holds(`${this.path}-wal`, this.#wal));
  }

  /** Whether it can be found, its log aside: that is written to the file when it is closed. */
  isAtItsPath(directory: OutboxDirectory): boolean {
    return directory.holds(this.path, this.#identity);
  }

  /** Writes a payload; answers the row that it is in. */
  insert(payload: Payload): number {
    const row = rowOf(payload);
    return this.#withRoom(() => this.insertRow(null, row));
  }

  /** Writes a row as it is. @param id null for the next one */
  insertRow(id: number | null, row: PayloadRow): number {
    const { lastInsertRowid } = this.#insert.run(id, ...ROW_COLUMNS.map((name) => row[name]));
    this.rowCount += 1;
    return Number(lastInsertRowid);
  }

  /** All of it, or nothing. */
  inTransaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // SQLite has done it itself where the disk is full.
      }
      throw error;
    }
  }

  /** @throws LostPayloadError where the row is gone or damaged, for good */
  read(id: number): Payload {
    const row = this.#select.get(id) as StoredRow | undefined;
    if (row === undefined) throw new LostPayloadError(`There is no row ${id}.`);
    if (!isWhole(row)) this.#lost.add(id);
    else if (!isReadable(row)) this.#unknown.add(id);
    return payloadOf(row);
  }

  /** All rows without their bytes, in the order in which they were put. */
  heads(): PayloadHead[] {
    const heads = this.#database.prepare(`SELECT ${HEAD_EXPRESSIONS} FROM payloads ORDER BY id`).all() as unknown;
    let last = Number.MIN_SAFE_INTEGER;
    for (const { id } of heads as PayloadHead[]) {
      if (id <= last) throw new DamagedFileError('Its rows are not in order.');
      last = id;
    }
    return heads as PayloadHead[];
  }

  /** Says that a row is not what was written. */
  markLost(id: number): void {
    this.#lost.add(id);
  }

  /**
   * Forgets a row. One that could not be read stays in the file. One that cannot be removed now, because the disk is full, is removed
   * later.
   * @throws what {@link isDamage} of
   */
  remove(id: number): void {
    if (this.isDamaged || this.#lost.has(id) || this.#unknown.has(id)) return;
    this.#unremoved.add(id);
    this.retryRemovals();
  }

  /** @throws what {@link isDamage} of */
  retryRemovals(): void {
    if (this.isDamaged) return;
    try {
      this.#withRoom(() => {
        for (const id of this.#unremoved) {
          this.rowCount -= Number(this.#delete.run(id).changes);
          this.#unremoved.delete(id);
          this.#freeSpace.onRemoved();
        }
      });
    } catch (error) {
      if (isDamage(error)) throw error;
    }
  }

  /** Whether rows are to be removed, and can be once there is room. */
  get hasUnremoved(): boolean {
    return this.#unremoved.size > 0 && !this.isDamaged;
  }

  /**
   * Whether nobody wants any of its rows, although they could not be removed. Then the file can be: a full disk would never have
   * room again for what says that they are gone.
   */
  get isSpent(): boolean {
    return this.hasUnremoved && this.#unremoved.size === this.rowCount;
  }

  /** Rows that nobody wants any more, and that are still there. */
  get unremoved(): ReadonlySet<number> {
    return this.#unremoved;
  }

  /** Closes the file. It is removed where it has no rows, and set aside where all that it has was lost, or it is damaged. */
  end(directory: OutboxDirectory): void {
    try {
      // What has taken its place, or has been put there since it was removed, is not ours.
      if (this.isAtItsPath(directory)) this.#end(directory);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#database.close();
  }

  #end(directory: OutboxDirectory): void {
    if (this.heldCount > 0) return;
    if (this.isDamaged || (this.#lost.size > 0 && this.#lost.size === this.rowCount)) directory.setAside(this.path);
    else if (this.rowCount === 0 || this.isSpent) directory.remove(this.path);
  }

  /**
   * What is written, a removal too, goes behind what the `-wal` has already. Once all of that is in the file, it begins anew in
   * the space that it has.
   */
  #withRoom<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isDamage(error)) throw error;
      this.#database.exec('PRAGMA wal_checkpoint(RESTART)');
      return work();
    }
  }
}
