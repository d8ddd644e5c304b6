import { type AdoptedPayload, type AdoptionRequest, LostPayloadError, type Outbox } from '../outbox.ts';
import type { Payload } from '../payload.ts';
import { CurrentFile } from './current-file.ts';
import { fileOutboxError, isDamage, reasonOf } from './database-error.ts';
import { type FileOutboxOptions, maxPagesFor, resolveFileOutboxOptions } from './file-outbox-options.ts';
import type { DatabaseSettings } from './locked-database.ts';
import { adoptedPayload } from './orphan-file.ts';
import { OrphanFiles, type TakenFile } from './orphan-files.ts';
import { OutboxDirectory } from './outbox-directory.ts';
import { checkFileName, newFileName, newSeries, seriesOf } from './outbox-file-name.ts';
import type { PayloadDatabase } from './payload-database.ts';
import { type PayloadPlace, PayloadPlaces } from './payload-places.ts';
import { salvage } from './salvage.ts';

/** Of each payload that is held, what is known of it besides its bytes is in the heap, here and in the delivery: about 1 KiB. */
const MAX_PAYLOADS = 65_536;

/** What {@link SqliteOutbox} is given by those that run it. */
export interface SqliteOutboxInternals {
  /** {@link SqliteOutbox.fileName} of an outbox of this process that has ended: this one takes over all that it has left. */
  readonly fileName?: string | undefined;
  /** Hears what went wrong without anything being thrown. */
  readonly onProblem?: ((text: string, error: unknown) => void) | undefined;
  /** A clock that never goes back, in milliseconds. @defaultValue performance.now */
  readonly now?: () => number;
  /** Bound of the file in pages of 4 KiB. @defaultValue so many that `maxBytes` have room however they are cut */
  readonly maxPages?: number;
}

/**
 * An outbox in a directory: what is put outlives the process, and another one that uses the directory takes it over. It is
 * synchronous, and waits for the disk.
 *
 * It writes to one file, an SQLite database of the name `outbox-<16 hexadecimal digits>.sqlite`, which is locked for as long as
 * it is open. A file that is not locked is one whose process has ended: {@link adopt} takes it over as a whole. A file is
 * removed with its last payload; one that is damaged is set aside as `<name>.damaged-<time>`, and never removed.
 */
export class SqliteOutbox implements Outbox {
  readonly maxBytes: number;
  readonly maxPayloads: number = MAX_PAYLOADS;
  readonly maxAgeMillis: number;
  readonly writesAhead = true;
  /** The name of its first file, by which an outbox that stands in for this one finds all of them. */
  readonly fileName: string;

  readonly #directory: OutboxDirectory;
  readonly #settings: DatabaseSettings;
  readonly #orphans: OrphanFiles;
  readonly #onProblem: (text: string, error: unknown) => void;

  readonly #places = new PayloadPlaces();
  /** All that are open: what is written to, what was taken over, and what was lost from its place but can be read. */
  readonly #databases = new Set<PayloadDatabase>();
  readonly #current: CurrentFile;
  #lastAdoptedId = 0;
  #isClosed = false;

  /** Does not touch the disk. @throws TypeError or RangeError naming the option that is wrong */
  constructor(options: FileOutboxOptions, internals: SqliteOutboxInternals = {}) {
    const { directory, maxBytes, durability, maxAgeMillis } = resolveFileOutboxOptions(options);
    this.maxBytes = maxBytes;
    this.maxAgeMillis = maxAgeMillis;
    this.fileName = checkFileName(internals.fileName ?? newFileName(newSeries()));
    const series = seriesOf(this.fileName) as string;
    this.#onProblem = internals.onProblem ?? ((): void => {});
    this.#directory = new OutboxDirectory(directory);
    this.#settings = { durability, maxPages: internals.maxPages ?? maxPagesFor(maxBytes) };
    const now = internals.now ?? ((): number => performance.now());
    const shared = { directory: this.#directory, now };
    this.#current = new CurrentFile({ ...shared, fileName: this.fileName, settings: this.#settings });
    // Files of others have no bound: rows of them are only removed, or copied as a whole.
    const settings = { durability };
    this.#orphans = new OrphanFiles({ ...shared, settings, series, onProblem: this.#onProblem });
  }

  put(id: number, payload: Payload): void {
    this.#retryRemovals();
    const database = this.#fileToPutIn();
    const row = this.#attempt(database, () => database.insert(payload));
    const earlier = this.#places.set(id, { database, row });
    if (earlier !== undefined) this.#removeRow(earlier);
  }

  read(id: number): Payload {
    const { database, row } = this.#places.get(id);
    try {
      return database.read(row);
    } catch (error) {
      if (error instanceof LostPayloadError) throw error;
      if (!isDamage(error)) throw fileOutboxError(`The outbox file ${database.path} cannot be read.`, error);
      this.#replace(database, error);
      const now = this.#places.get(id);
      // It could not be replaced: other rows may still be readable.
      if (now.database === database) throw new LostPayloadError(`Payload ${id} is damaged.`, { cause: error });
      return now.database.read(now.row);
    }
  }

  remove(id: number): void {
    this.#retryRemovals();
    const place = this.#places.take(id);
    if (place !== undefined) this.#removeRow(place);
  }

  /**
   * Takes over what the outbox has left that this one stands in for, and then files of processes that have ended. Payloads of
   * backends that are not accepted stay in their files.
   */
  adopt(request: AdoptionRequest): readonly AdoptedPayload[] {
    try {
      if (this.#isClosed) return [];
      this.#retryRemovals();
      const held = new Set([...this.#databases].map(({ path }) => path));
      return this.#orphans.take(request, (path) => held.has(path)).flatMap((taken) => this.#adoptFile(taken));
    } catch (error) {
      this.#onProblem('The outbox directory cannot be searched for files of processes that have ended.', error);
      return [];
    }
  }

  /** Closes all files, with what is in them. */
  close(): void {
    this.#isClosed = true;
    this.#retryRemovals();
    for (const database of this.#databases) {
      const isStranded = database.heldCount > 0 && !database.isAtItsPath(this.#directory);
      // Nobody would find what is in it. The new file is closed in its turn.
      if (isStranded) this.#replace(database, fileOutboxError('It was removed by somebody else.'));
      this.#end(database);
    }
    this.#current.database = undefined;
    this.#places.clear();
  }

  /** The file to write to: the one there is, where it still is in its place, or a new one. */
  #fileToPutIn(): PayloadDatabase {
    if (this.#isClosed) throw fileOutboxError('The outbox is closed.');
    const { database } = this.#current;
    if (database !== undefined && this.#current.isMissing()) {
      this.#current.database = undefined;
      this.#endUnused(database);
      throw fileOutboxError(`The outbox file ${database.path} was removed by somebody else.`);
    }
    const current = this.#current.open();
    this.#databases.add(current);
    return current;
  }

  #adoptFile({ orphan: { database }, heads, isOwn }: TakenFile): AdoptedPayload[] {
    this.#databases.add(database);
    return heads.map((head) => {
      this.#lastAdoptedId -= 1;
      this.#places.set(this.#lastAdoptedId, { database, row: head.id });
      return adoptedPayload(head, this.#lastAdoptedId, isOwn);
    });
  }

  #removeRow({ database, row }: PayloadPlace): void {
    try {
      database.remove(row);
    } catch (error) {
      // What is removed is not moved, and so is gone with the damaged file.
      this.#replace(database, error);
    }
    this.#endUnused(database);
  }

  /** Those that have failed, while there are any. Never throws. */
  #retryRemovals(): void {
    for (const database of this.#databases) {
      if (!database.hasUnremoved) continue;
      try {
        database.retryRemovals();
      } catch (error) {
        this.#replace(database, error);
      }
      this.#endUnused(database);
    }
  }

  #attempt<T>(database: PayloadDatabase, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isDamage(error)) this.#replace(database, error);
      throw fileOutboxError(`The outbox file ${database.path} cannot be written: ${reasonOf(error)}`, error);
    }
  }

  /**
   * Puts a new file in the place of one that is damaged or gone, with all payloads of it that can be read. Where that cannot be
   * written, the damaged one is read for as long as there is something in it, and whoever takes it over tries again.
   */
  #replace(damaged: PayloadDatabase, error: unknown): void {
    if (damaged.isDamaged) return;
    damaged.isDamaged = true;
    const isCurrent = damaged === this.#current.database;
    if (isCurrent) this.#current.database = undefined;
    try {
      this.#directory.make();
      const replacement = salvage(damaged.readableRows(), {
        directory: this.#directory,
        series: seriesOf(fileNameOf(damaged.path)) as string,
        settings: isCurrent ? this.#settings : { durability: this.#settings.durability },
      });
      this.#databases.add(replacement);
      if (isCurrent) this.#current.database = replacement;
      this.#move(damaged, replacement);
      this.#onProblem(`The outbox file ${damaged.path} is damaged or gone, and was replaced.`, error);
      this.#end(damaged);
      this.#endUnused(replacement);
    } catch (failure) {
      this.#onProblem(
        `The outbox file ${damaged.path} is damaged or gone, and cannot be replaced: ${reasonOf(failure)}`,
        error,
      );
    }
  }

  /** What the new file does not have is lost. */
  #move(damaged: PayloadDatabase, replacement: PayloadDatabase): void {
    const rows = new Set(replacement.heads().map(({ id }) => id));
    this.#places.move(damaged, replacement, rows);
    // Nobody wants them any more, and they were still there.
    for (const row of damaged.unremoved) if (rows.has(row)) replacement.remove(row);
  }

  #endUnused(database: PayloadDatabase): void {
    if (database.isSpent) {
      if (database === this.#current.database) this.#current.database = undefined;
    } else if (database === this.#current.database || database.heldCount > 0 || database.hasUnremoved) return;
    this.#end(database);
  }

  #end(database: PayloadDatabase): void {
    if (!this.#databases.delete(database)) return;
    try {
      database.end(this.#directory);
    } catch (error) {
      this.#onProblem(`The outbox file ${database.path} cannot be closed.`, error);
    }
  }
}

function fileNameOf(path: string): string {
  return process.getBuiltinModule('node:path').basename(path);
}
