import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordExporter, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { OVERFLOW_POLICIES, type OverflowPolicy } from '@spillway/buffer';
import {
  checkBoolean,
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkTimerMillis,
} from '@spillway/core';

import { checkMeterProvider } from '../common-options.ts';
import type { LogRecordDrop } from './drop-reporter.ts';

export interface HybridLogRecordProcessorOptions {
  /** Where records go: any log-record exporter. It is flushed and shut down with the processor. */
  readonly exporter: LogRecordExporter;
  /**
   * Where the immediate lane goes instead, such as another endpoint. What it refuses goes to `exporter` then. It is
   * flushed and shut down as well.
   * @defaultValue `exporter`
   */
  readonly immediateExporter?: LogRecordExporter;
  /**
   * Records of this severity number and above take the immediate lane, 0 and up. `Infinity`: none by its severity.
   * @defaultValue 17 (ERROR): what somebody may be waiting for, and seldom enough for requests of its own
   */
  readonly immediateMinSeverity?: number;
  /**
   * Puts further records into the immediate lane, by answering true. Asked for each record that is not severe enough,
   * while the application waits: it must be fast. The attribute `spillway.lane` (`immediate` or `batch`) overrides both.
   * @defaultValue none
   */
  readonly isImmediate?: (record: ReadWriteLogRecord) => boolean;
  /**
   * Records in one export, 1 and up; never more than `maxQueueSize`.
   * @defaultValue 512, as in the OpenTelemetry specification
   */
  readonly maxExportBatchSize?: number;
  /**
   * Longest time a record of the batch lane waits for its batch to fill, in milliseconds, 0 to 2^31-1.
   * @defaultValue 1000, as in the OpenTelemetry specification. Raise it for fewer requests.
   */
  readonly scheduledDelayMillis?: number;
  /**
   * Records that wait at once, in both lanes together, 1 and up. Those handed to an exporter are not among them.
   * @defaultValue 65536: a burst of 3 s at 20,000 records a second
   */
  readonly maxQueueSize?: number;
  /**
   * Estimated memory of the records that wait, in bytes, 1 and up.
   * @defaultValue 67108864 (64 MiB): 1 KiB for each of 65,536 records. Lower it in small containers.
   */
  readonly maxQueueBytes?: number;
  /**
   * What gives way where a bound is reached, in the batch lane first: the `drop-least-severe` records, the
   * `drop-oldest` ones, or what comes (`drop-newest`).
   * @defaultValue 'drop-least-severe': a flood of DEBUG must not cost an ERROR
   */
  readonly overflow?: OverflowPolicy;
  /**
   * Exports without an answer at once, 1 and up. From 2 on, one is kept for each lane.
   * @defaultValue 5: hides a round trip of 100 ms at 25,000 records a second. 1 for exporters that must not be called
   * again before they answered.
   */
  readonly maxConcurrentExports?: number;
  /**
   * Time an exporter has to answer, in milliseconds, 1 to 2^31-1. What it has not answered by then is dropped as
   * `expired`. Also the longest wait for resource attributes that are being detected.
   * @defaultValue 30000, as in the OpenTelemetry specification
   */
  readonly exportTimeoutMillis?: number;
  /**
   * Calls of `exporter` for one batch while it answers FAILED, the first included, 1 and up. Exporters of this project
   * hold and retry by themselves and answer FAILED only when they are shut down.
   * @defaultValue 3: many exporters have tried for seconds before they answer
   */
  readonly maxAttempts?: number;
  /**
   * `body`: an object in the body is copied when the record is emitted, so that what the application does to it
   * afterwards changes nothing. `none`: it is not; for applications that never change what they have logged.
   * @defaultValue 'body'
   */
  readonly snapshot?: 'body' | 'none';
  /**
   * Called once for each record that is dropped here, while the application or an exporter waits: it must be fast.
   * Not called for records that it drops itself by logging.
   * @defaultValue none
   */
  readonly onDrop?: (drop: LogRecordDrop) => void;
  /**
   * Leaves what is held behind when the event loop of Node runs empty; otherwise it is flushed once. Set it where the
   * application flushes by itself.
   * @defaultValue false
   */
  readonly disableFlushOnBeforeExit?: boolean;
  /**
   * Leaves what is held where it is when the page is hidden, frozen or left; otherwise it is flushed, and no page can be
   * sure to get another chance. Named as in the SDK.
   * @defaultValue false
   */
  readonly disableAutoFlushOnDocumentHide?: boolean;
  /** Where metrics about the processor itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}

/** Options that have no default. */
type Unset = 'isImmediate' | 'onDrop' | 'selfObsMeterProvider';

/** Options with every default filled in. */
export type ResolvedHybridOptions = Required<Omit<HybridLogRecordProcessorOptions, Unset>> & {
  readonly [Name in Unset]: HybridLogRecordProcessorOptions[Name] | undefined;
};

/** For web pages: few requests, and records of an ordinary visit in one of them. Spread it into the options. */
export const webPagePreset: Readonly<
  Required<Pick<HybridLogRecordProcessorOptions, 'maxExportBatchSize' | 'scheduledDelayMillis'>>
> = { maxExportBatchSize: 50, scheduledDelayMillis: 30_000 };

const ERROR_SEVERITY = 17;
const OPTIONS: readonly (keyof HybridLogRecordProcessorOptions)[] = [
  'exporter',
  'immediateExporter',
  'immediateMinSeverity',
  'isImmediate',
  'maxExportBatchSize',
  'scheduledDelayMillis',
  'maxQueueSize',
  'maxQueueBytes',
  'overflow',
  'maxConcurrentExports',
  'exportTimeoutMillis',
  'maxAttempts',
  'snapshot',
  'onDrop',
  'disableFlushOnBeforeExit',
  'disableAutoFlushOnDocumentHide',
  'selfObsMeterProvider',
];
const EXPORTER_METHODS = ['export', 'shutdown'];

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveHybridOptions(options: HybridLogRecordProcessorOptions): ResolvedHybridOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { exporter, immediateExporter = exporter, isImmediate, onDrop, selfObsMeterProvider } = options;
  checkMethods('exporter', exporter, EXPORTER_METHODS);
  checkMethods('immediateExporter', immediateExporter, EXPORTER_METHODS);
  checkFunction('isImmediate', isImmediate);
  checkFunction('onDrop', onDrop);
  checkMeterProvider(selfObsMeterProvider);
  const maxQueueSize = checkInteger('maxQueueSize', options.maxQueueSize ?? 65_536, { min: 1, max: 2 ** 30 });
  const maxExportBatchSize = checkInteger('maxExportBatchSize', options.maxExportBatchSize ?? 512, { min: 1 });
  return {
    exporter,
    immediateExporter,
    isImmediate,
    onDrop,
    selfObsMeterProvider,
    maxQueueSize,
    // A batch that cannot come together in the queue would only ever leave by the timer.
    maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
    immediateMinSeverity: checkNumber('immediateMinSeverity', options.immediateMinSeverity ?? ERROR_SEVERITY, {
      max: Infinity,
    }),
    scheduledDelayMillis: checkTimerMillis('scheduledDelayMillis', options.scheduledDelayMillis ?? 1000),
    maxQueueBytes: checkInteger('maxQueueBytes', options.maxQueueBytes ?? 64 * 1024 * 1024, { min: 1 }),
    overflow: checkOneOf('overflow', options.overflow ?? 'drop-least-severe', OVERFLOW_POLICIES),
    maxConcurrentExports: checkInteger('maxConcurrentExports', options.maxConcurrentExports ?? 5, { min: 1 }),
    exportTimeoutMillis: checkTimerMillis('exportTimeoutMillis', options.exportTimeoutMillis ?? 30_000, 1),
    maxAttempts: checkInteger('maxAttempts', options.maxAttempts ?? 3, { min: 1 }),
    snapshot: checkOneOf('snapshot', options.snapshot ?? 'body', ['body', 'none']),
    disableFlushOnBeforeExit: checkBoolean('disableFlushOnBeforeExit', options.disableFlushOnBeforeExit ?? false),
    disableAutoFlushOnDocumentHide: checkBoolean(
      'disableAutoFlushOnDocumentHide',
      options.disableAutoFlushOnDocumentHide ?? false,
    ),
  };
}
