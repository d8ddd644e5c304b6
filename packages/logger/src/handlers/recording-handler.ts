import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { checkFields, checkFunction, checkInteger, checkOptions } from '@spillway/core';

import type { LogHandler } from './log-handler.ts';

export interface RecordingHandlerOptions {
  /**
   * Called with each record after it is recorded. What it throws or rejects with is the handler's own failure, so that
   * a test can have a handler that fails.
   * @defaultValue nothing is called
   */
  readonly onRecord?: LogHandler;
  /**
   * Records kept, 1 and up. Beyond it the oldest fall out.
   * @defaultValue 10000: more than a test looks at, and no leak where one is left behind
   */
  readonly maxRecords?: number;
}

/** A handler that keeps what it gets. */
export interface RecordingHandler {
  (record: ReadableLogRecord): void | Promise<void>;
  /** What has come, oldest first: always the same array. */
  readonly records: readonly ReadableLogRecord[];
  /** Forgets all records. */
  clear(): void;
  /** Resolves with the first record, of those kept and those to come, that meets the condition; rejects where that throws. */
  waitFor(condition: (record: ReadableLogRecord) => boolean): Promise<ReadableLogRecord>;
}

/**
 * A handler for tests, in place of those that send.
 *
 * @throws TypeError or RangeError where an option is wrong.
 */
export function recordingHandler(options: RecordingHandlerOptions = {}): RecordingHandler {
  checkOptions(options);
  checkFields('', options, ['onRecord', 'maxRecords']);
  const { onRecord } = options;
  checkFunction('onRecord', onRecord);
  const maxRecords = checkInteger('maxRecords', options.maxRecords ?? 10_000, { min: 1 });
  const records: ReadableLogRecord[] = [];
  const waiting = new Set<(record: ReadableLogRecord) => void>();

  function handle(record: ReadableLogRecord): void | Promise<void> {
    records.push(record);
    if (records.length > maxRecords) records.shift();
    for (const look of waiting) look(record);
    return onRecord?.(record);
  }

  return Object.assign(handle, {
    records,
    clear: () => void records.splice(0),
    waitFor: (condition: (record: ReadableLogRecord) => boolean) =>
      new Promise<ReadableLogRecord>((resolve, reject) => {
        const found = records.find(condition);
        if (found !== undefined) return resolve(found);
        const look = (record: ReadableLogRecord): void => {
          try {
            if (!condition(record)) return;
            resolve(record);
          } catch (error) {
            // That is whoever waits, not the handler.
            reject(error);
          }
          waiting.delete(look);
        };
        waiting.add(look);
        return undefined;
      }),
  });
}
