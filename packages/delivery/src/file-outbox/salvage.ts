import type { DatabaseSettings } from './locked-database.ts';
import type { OutboxDirectory } from './outbox-directory.ts';
import { newFileName } from './outbox-file-name.ts';
import { PayloadDatabase } from './payload-database.ts';
import type { StoredRow } from './payload-row.ts';

/** Where a new file goes, and how it is opened. */
export interface Replacement {
  readonly directory: OutboxDirectory;
  readonly series: string;
  readonly settings: DatabaseSettings;
}

/**
 * Copies the rows of a damaged file that can be read, under their ids, to a new one.
 * @throws where the new file cannot be written; the damaged one is as it was
 */
export function salvage(rows: Iterable<StoredRow>, { directory, series, settings }: Replacement): PayloadDatabase {
  const replacement = PayloadDatabase.create(directory, newFileName(series), settings);
  try {
    replacement.inTransaction(() => {
      for (const row of rows) {
        const bytes = { record_offsets: row.record_offsets ?? new Uint8Array(), body: row.body ?? new Uint8Array() };
        replacement.insertRow(row.id, { ...row, ...bytes });
      }
    });
    return replacement;
  } catch (error) {
    replacement.rowCount = 0;
    replacement.end(directory);
    throw error;
  }
}
