import type { Outbox } from '../outbox.ts';
import { workerDelivery } from '../worker-delivery.ts';
import { type FileOutboxOptions, resolveFileOutboxOptions } from './file-outbox-options.ts';
import { openSqliteOutbox } from './open-sqlite-outbox.ts';

/**
 * An outbox in a directory: the option `outbox` of exporters. What an `export` has taken is on disk when it is answered, and
 * survives the end of the process, however it ends; the next process that uses the directory delivers it. For Node.
 *
 * A worker compresses, writes and sends, as `workerDelivery()` describes it, unless `inline` is set. While the disk cannot be
 * written to, payloads are held in memory, 32 MiB of them, and an error is logged once a minute.
 *
 * @throws TypeError or RangeError where an option is wrong; a directory that cannot be used is no error here
 */
export function fileOutbox(options: FileOutboxOptions): Outbox {
  const resolved = resolveFileOutboxOptions(options);
  const outbox = openSqliteOutbox(resolved);
  const { fileName } = outbox;
  const worker = resolved.inline ? undefined : workerDelivery();
  return Object.assign(outbox, { worker, recipe: { kind: 'file' as const, options: resolved, fileName } });
}
