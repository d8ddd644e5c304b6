import type { DatabaseSync } from 'node:sqlite';

import { DamagedFileError, fileOutboxError, isSqlError } from './database-error.ts';
import { ROW_COLUMNS } from './payload-row.ts';

/** Says in the header of a file that it is an outbox: "SPIL". */
const APPLICATION_ID = 0x5350494c;
/** Version of the tables. */
const TABLES_VERSION = 1;
/** A version above it is no version but damage, or our files would have had a thousand layouts. */
const MAX_TABLES_VERSION = 1000;
/** What is left of a `-wal` once it was written to the file. Without it, it would stay as large as it ever was. */
const MAX_IDLE_WAL_BYTES = 4 * 1024 * 1024;

/** What the tables of a file say. */
type TablesState = 'none' | 'known' | 'newer';

/** What is told to SQLite of a file that is written to. */
export interface DatabaseSettings {
  readonly durability: 'process' | 'os';
  /** Bound of the file in pages of 4 KiB; a put that would go beyond it throws. @defaultValue none */
  readonly maxPages?: number;
}

/**
 * Opens a file that exists, and takes the lock that says that its owner lives: the operating system takes it back when the
 * process ends, however it ends.
 * @throws Error for which `isBusy` where another connection has it, in this process or another
 */
export function openLocked(path: string, { durability, maxPages }: DatabaseSettings): DatabaseSync {
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  const url = process.getBuiltinModule('node:url').pathToFileURL(path);
  // Not created where it is missing: that would be with the modes of the umask.
  url.searchParams.set('mode', 'rw');
  const database = new Database(url);
  try {
    // Before the first access, so that the index of the `-wal` is in the heap, not in a file shared with others.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY');
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    database.exec(`PRAGMA synchronous = ${durability === 'os' ? 'FULL' : 'NORMAL'}`);
    database.exec(`PRAGMA journal_size_limit = ${MAX_IDLE_WAL_BYTES}`);
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables of a file that is empty. */
export function createTables(database: DatabaseSync): void {
  const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() ?? {};
  if (mode !== 'wal') throw fileOutboxError(`SQLite answers the journal mode ${String(mode)}.`);
  // Columns without types: what was bound is what is read.
  database.exec(`
    BEGIN EXCLUSIVE;
    CREATE TABLE payloads (id INTEGER PRIMARY KEY, ${ROW_COLUMNS.join(', ')});
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${TABLES_VERSION};
    COMMIT`);
}

/** Looks at what the tables of a file are. @throws DamagedFileError where they are none of an outbox */
export function readTablesState(database: DatabaseSync): TablesState {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (application === 0 && version === 0 && pragma(database, 'page_count') <= 1) {
    const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
    if (tables === 0) return 'none';
  }
  const isOurs = application === APPLICATION_ID && version >= 1 && version <= MAX_TABLES_VERSION;
  if (!isOurs) throw new DamagedFileError('It is a database, but no outbox.');
  if (version > TABLES_VERSION) return 'newer';
  try {
    database.prepare(`SELECT id, ${ROW_COLUMNS.join(', ')} FROM payloads`);
  } catch (error) {
    throw isSqlError(error) ? new DamagedFileError('It has not the tables of an outbox.', { cause: error }) : error;
  }
  return 'known';
}

/** The value of a pragma that is a number. */
export function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
