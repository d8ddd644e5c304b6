import { ThrottledDiag } from '@spillway/core';

import type { FileOutboxOptions } from './file-outbox-options.ts';
import { SqliteOutbox } from './sqlite-outbox.ts';

/** What is wrong with a file that somebody else has left does not change from second to second. */
const DIAG_INTERVAL_MILLIS = 60_000;

/** An outbox on disk that tells an operator what it finds there. */
export function openSqliteOutbox(options: FileOutboxOptions, fileName?: string): SqliteOutbox {
  const diag = new ThrottledDiag({ namespace: '@spillway/delivery', intervalMillis: DIAG_INTERVAL_MILLIS });
  return new SqliteOutbox(options, { fileName, onProblem: (text, error) => diag.error(text, text, error) });
}
