import { namedError } from '../named-error.ts';

/** Primary result codes of SQLite. @see https://www.sqlite.org/rescode.html (read 2026-11-28) */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
/** An extended code has the primary one in its lowest byte. */
const PRIMARY_CODE_MASK = 0xff;

/** What a file outbox throws where it cannot do what it is asked. Names the file; the cause is kept. */
export function fileOutboxError(text: string, cause?: unknown): Error {
  return namedError('FileOutboxError', text, cause);
}

/** A file that SQLite can read, but that is not what an outbox writes. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** Whether an error says that the file is damaged or no database, which time does not cure. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  // A number that was not written: Node refuses integers above 2^53.
  const isOutOfRange = error instanceof RangeError && Reflect.get(error, 'code') === 'ERR_OUT_OF_RANGE';
  return error instanceof DamagedFileError || code === SQLITE_CORRUPT || code === SQLITE_NOTADB || isOutOfRange;
}

/** Whether an error says that a table or a column is not there. */
export function isSqlError(error: unknown): boolean {
  return primaryCode(error) === SQLITE_ERROR;
}

/** Whether an error says that somebody else has the file. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function primaryCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' ? code & PRIMARY_CODE_MASK : undefined;
}
