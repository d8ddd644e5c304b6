import type { DatabaseSync } from 'node:sqlite';

import { type AdoptedPayload, payloadBytes } from '../outbox.ts';
import { DamagedFileError, isDamage } from './database-error.ts';
import { type DatabaseSettings, openLocked, readTablesState } from './locked-database.ts';
import type { FoundFile, OutboxDirectory } from './outbox-directory.ts';
import { PayloadDatabase } from './payload-database.ts';
import { fieldsOf, isIntact, isReadable, type PayloadHead } from './payload-row.ts';
import { readableRows } from './readable-rows.ts';
import { salvage } from './salvage.ts';

/** Files up to it are read as a whole before they are taken over, which takes some 100 milliseconds at most. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** A file whose owner has ended, open and locked. */
export interface OrphanFile {
  readonly database: PayloadDatabase;
  /** Its rows that can be taken over, in the order in which they were put. */
  readonly heads: readonly PayloadHead[];
}

/** What became of a file that was looked at. */
export interface OrphanResult {
  /** Undefined where there is nothing in it to be taken over. */
  readonly orphan?: OrphanFile;
  /** What somebody should hear. */
  readonly problem?: { readonly text: string; readonly error: unknown };
  /** Whether to look at it again is pointless, for as long as this version runs. */
  readonly isForeign?: boolean;
}

export interface OrphanContext {
  readonly directory: OutboxDirectory;
  readonly settings: DatabaseSettings;
}

/**
 * Opens a file that nobody has open. An empty one is removed; one that is damaged is set aside, and answered is a new one
 * with the rows of it that can be read.
 * @throws Error for which `isBusy` where its owner lives, or any other where it cannot be opened
 */
export function openOrphan(file: FoundFile, context: OrphanContext): OrphanResult {
  const { directory, settings } = context;
  const { path } = file;
  // SQLite would remove the `-wal`, and all that is in it. In this order: one that is being made has a header before a `-wal`.
  if (directory.sizeOf(`${path}-wal`) > 0 && directory.sizeOf(path) === 0) {
    return setAside(path, directory, new DamagedFileError('It is empty, and its log is not.'));
  }
  let database: DatabaseSync;
  try {
    database = openLocked(path, settings);
  } catch (error) {
    if (isDamage(error)) return setAside(path, directory, error);
    throw error;
  }
  try {
    // Whoever had it until now may have removed it.
    if (directory.holds(path, file)) return examine(database, file, context);
    database.close();
    return {};
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The rows of a file, as those who take it over see it. */
function orphanOf(database: PayloadDatabase): OrphanFile {
  const all = database.heads();
  database.rowCount = all.length;
  for (const head of all) if (!isIntact(head)) database.markLost(head.id);
  return { database, heads: all.filter((head) => isIntact(head) && isReadable(head)) };
}

/** What a row counts for against the bounds of an outbox. */
export function headBytes({ body_length, offsets_length }: PayloadHead): number {
  return payloadBytes({ body: { byteLength: body_length }, recordOffsets: { byteLength: offsets_length } });
}

export function adoptedPayload(head: PayloadHead, id: number, isOwn: boolean): AdoptedPayload {
  return { ...fieldsOf(head), id, wireBytes: head.body_length, bytes: headBytes(head), isOwn };
}

export function backendOf(head: PayloadHead): string {
  return fieldsOf(head).backendId;
}

function examine(database: DatabaseSync, file: FoundFile, context: OrphanContext): OrphanResult {
  try {
    const state = readTablesState(database);
    if (state === 'known') {
      if (file.size <= MAX_CHECKED_BYTES) checkPages(database);
      return { orphan: orphanOf(new PayloadDatabase(file.path, database, file)) };
    }
    if (state === 'none') context.directory.remove(file.path);
    database.close();
    return { isForeign: state === 'newer' };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replace(database, file, { ...context, error });
  }
}

/** Rows can be missing without an error: a page that says that it has fewer is believed. */
function checkPages(database: DatabaseSync): void {
  const { quick_check: answer } = database.prepare('PRAGMA quick_check(1)').get() ?? {};
  if (answer !== 'ok') throw new DamagedFileError(`SQLite's check says: ${String(answer)}`);
}

function replace(
  database: DatabaseSync,
  { path, series }: FoundFile,
  { directory, settings, error }: OrphanContext & { readonly error: unknown },
): OrphanResult {
  const replacement = salvage(readableRows(database), { directory, series, settings });
  const result = setAside(path, directory, error);
  database.close();
  const orphan = orphanOf(replacement);
  return { ...result, orphan };
}

function setAside(path: string, directory: OutboxDirectory, error: unknown): OrphanResult {
  const aside = directory.setAside(path);
  return { problem: { text: `The outbox file ${path} is damaged, and was set aside as ${aside}.`, error } };
}
