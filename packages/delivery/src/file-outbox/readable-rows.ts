import type { DatabaseSync } from 'node:sqlite';

import { HEAD_EXPRESSIONS, isWhole, type StoredRow } from './payload-row.ts';

const SELECT = `SELECT ${HEAD_EXPRESSIONS}, record_offsets, body FROM payloads`;

/**
 * The rows of a damaged file that are what was written: from the first one up to where something is damaged, then from the
 * last one down to there.
 */
export function* readableRows(database: DatabaseSync): Generator<StoredRow> {
  let highest = Number.MIN_SAFE_INTEGER;
  for (const row of rowsOf(database, `${SELECT} WHERE id > ? ORDER BY id LIMIT 1`, highest)) {
    if (row.id <= highest) break;
    highest = row.id;
    if (isWhole(row)) yield row;
  }
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const row of rowsOf(database, `${SELECT} WHERE id < ? ORDER BY id DESC LIMIT 1`, lowest)) {
    if (row.id <= highest || row.id >= lowest) return;
    lowest = row.id;
    if (isWhole(row)) yield row;
  }
}

/** One by one, each by the id of the one before, until one cannot be read. */
function* rowsOf(database: DatabaseSync, sql: string, start: number): Generator<StoredRow> {
  try {
    const next = database.prepare(sql);
    let id = start;
    for (;;) {
      const row = next.get(id) as StoredRow | undefined;
      if (row === undefined) return;
      id = row.id;
      yield row;
    }
  } catch {
    // Whatever it is: what can be read has been read.
  }
}
