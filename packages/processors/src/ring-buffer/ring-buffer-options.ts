import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import type { RingBufferStats } from './ring-buffer-stats.ts';

export interface RingBufferLogRecordProcessorOptions {
  /** Where records go that pass or are released: any log-record processor. It is flushed and shut down with this one. */
  readonly delegate: LogRecordProcessor;
  /**
   * Where records go that no trigger has released: what expires, is evicted, is too large to be held, or is still held
   * at shutdown or where a script ends. Any log-record processor, such as a sampler over the same hybrid processor; the delegate itself keeps
   * everything, only late. It is flushed and shut down with this one.
   * @defaultValue none: they are dropped and counted
   */
  readonly untriggered?: LogRecordProcessor;
  /**
   * `hold`: records below a severity are held until something goes wrong. `copy`: every record is passed on at once, and
   * one ring keeps copies of the last ones for `snapshot()`, whatever their scope and severity. Options about scopes,
   * holding and triggers are not allowed then, and `ttlMillis` has no default: a copy leaves only for newer ones.
   * @defaultValue 'hold'
   */
  readonly mode?: 'hold' | 'copy';
  /**
   * Records below this severity number are held, 2 to 25. One without a severity counts as INFO (9).
   * @defaultValue 13 (WARN): what is logged in any case. 17 to hold warnings as well.
   */
  readonly holdBelowSeverity?: number;
  /**
   * Records of this severity number and above release what their scope holds, `holdBelowSeverity` and up. `Infinity`:
   * none by its severity.
   * @defaultValue 17 (ERROR)
   */
  readonly triggerMinSeverity?: number;
  /**
   * Makes further records triggers, by answering true. Asked for each record that is not severe enough, while the
   * application waits: it must be fast. Where it throws, the record is no trigger.
   * Not asked about what it logs itself.
   * @defaultValue none
   */
  readonly isTrigger?: (record: ReadWriteLogRecord) => boolean;
  /**
   * Names the scope of a record: a trigger releases what its own scope holds. A number counts as its text. `undefined` and
   * a text of more than 256 characters stand for the global ring, as does an error thrown. Asked for each record that is
   * held or is a trigger, while the application waits: it must be fast. Not asked about what it logs itself.
   * @defaultValue the trace id; the global ring for records without a trace
   */
  readonly scopeKey?: (record: ReadWriteLogRecord) => string | number | undefined;
  /**
   * How long a record is held, in milliseconds, 1 to 2^31-1. What is older is never released. Memory is freed up to a
   * sixteenth of this later.
   * @defaultValue 30000: longer than nearly every request takes. Raise it for jobs that run longer.
   */
  readonly ttlMillis?: number;
  /**
   * How long after a trigger the records of its scope pass at once, in milliseconds, 0 to 2^31-1. Each trigger begins it
   * anew. 0: not at all.
   * @defaultValue 10000: what an error leads to belongs to its story
   */
  readonly passThroughMillis?: number;
  /**
   * Records held in all scopes together, 1 and up. Over it, the oldest of the scope leave that was used least recently.
   * @defaultValue 10000: with 1.6 KiB for each within `maxBytes`
   */
  readonly maxRecords?: number;
  /**
   * Estimated memory of the records held in all scopes together, in bytes, 1 and up.
   * @defaultValue 16777216 (16 MiB). Lower it in small containers.
   */
  readonly maxBytes?: number;
  /**
   * Records held in one scope, 1 and up; never more than `maxRecords`. Over it, the oldest of the scope leave.
   * @defaultValue 1000: the end of a story tells most
   */
  readonly maxRecordsPerScope?: number;
  /**
   * Estimated memory of the records held in one scope, in bytes, 1 and up; never more than `maxBytes`. What alone has
   * more is not held.
   * @defaultValue 1048576 (1 MiB): one scope cannot push out all others
   */
  readonly maxBytesPerScope?: number;
  /**
   * Scopes that hold something at once, and as many that let their records pass after a trigger, 1 and up. Over it, the
   * one leaves with all that it holds that was used least recently.
   * @defaultValue 1000: requests that run at once. Raise it together with `maxRecords` where there are more.
   */
  readonly maxScopes?: number;
  /**
   * Told when the pressure in `stats()` reaches `backpressureThreshold`, once until it has been below again, while the
   * application waits: it must be fast.
   * @defaultValue none
   */
  readonly onBackpressure?: (stats: RingBufferStats) => void;
  /**
   * Pressure from which on `isHealthy()` answers false, above 0 and up to 1.
   * @defaultValue 0.8
   */
  readonly backpressureThreshold?: number;
  /** Where metrics about the processor itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}
