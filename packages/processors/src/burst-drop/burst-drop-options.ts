import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  checkFields,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  optionMessage,
  SEVERITY_NAMES,
  type SeverityName,
} from '@spillway/core';

import { checkMeterProvider, checkProcessor } from '../common-options.ts';
import { type BurstLimitOptions, resolveBurstLimit, type ResolvedBurstLimit } from './burst-limit-options.ts';

export interface BurstDropLogRecordProcessorOptions extends BurstLimitOptions {
  /** Where records go that pass, and the summaries: any log-record processor. It is flushed and shut down as well. */
  readonly delegate: LogRecordProcessor;
  /**
   * Severities that are limited; at least one. Records of other severities always pass. A record without a severity
   * counts as INFO.
   * @defaultValue `['TRACE', 'DEBUG', 'INFO', 'WARN']`: an error is what somebody looks for. Narrow it to what floods.
   */
  readonly severities?: readonly SeverityName[];
  /**
   * Names the key of a record, of which the first 1,024 characters count (a number counts as its text); answering
   * `undefined` passes the record
   * without any limit. Asked for each record of a limited severity, while the application waits: it must be fast. Set it
   * where bodies are objects, or begin with what differs from record to record.
   * @defaultValue scope name, severity range, and event name or else the first 32 characters of the body
   */
  readonly key?: (record: ReadWriteLogRecord) => string | number | undefined;
  /**
   * Keys that are tracked at once, 1 to 1048576, at about 70 bytes each from the start. A further one takes the place of
   * the key that had no record for the longest, whose summary leaves then.
   * @defaultValue 4096, as many counters as zap has for a severity. Raise it where `keys` of `stats()` stays there and
   * a flood has more keys than that.
   */
  readonly maxKeys?: number;
  /**
   * Estimated memory of the records that are kept for summaries, one for each key with suppressed records, in bytes, 1
   * and up. Beyond it the oldest summaries leave early.
   * @defaultValue 16777216 (16 MiB): 4 KiB for each of 4,096 keys. Lower it in small containers.
   */
  readonly maxSummaryBytes?: number;
  /** Where metrics about the processor itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}

/** Options with every default filled in. */
export interface ResolvedBurstDropOptions extends ResolvedBurstLimit {
  readonly delegate: LogRecordProcessor;
  /** By severity range, as in `SEVERITY_NAMES`. */
  readonly isLimited: readonly boolean[];
  readonly key: BurstDropLogRecordProcessorOptions['key'];
  readonly maxKeys: number;
  readonly maxSummaryBytes: number;
  readonly selfObsMeterProvider: MeterProvider | undefined;
}

const OPTIONS: readonly (keyof BurstDropLogRecordProcessorOptions)[] = [
  'delegate',
  'rate',
  'firstThenEvery',
  'minIntervalMillis',
  'summaryIntervalMillis',
  'severities',
  'key',
  'maxKeys',
  'maxSummaryBytes',
  'selfObsMeterProvider',
];
const DEFAULT_SEVERITIES: readonly SeverityName[] = ['TRACE', 'DEBUG', 'INFO', 'WARN'];

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveBurstDropOptions(options: BurstDropLogRecordProcessorOptions): ResolvedBurstDropOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { delegate, severities = DEFAULT_SEVERITIES, key, selfObsMeterProvider } = options;
  checkProcessor('delegate', delegate);
  checkFunction('key', key);
  checkMeterProvider(selfObsMeterProvider);
  return {
    ...resolveBurstLimit(options),
    delegate,
    isLimited: resolveSeverities(severities),
    key,
    maxKeys: checkInteger('maxKeys', options.maxKeys ?? 4096, { min: 1, max: 2 ** 20 }),
    maxSummaryBytes: checkInteger('maxSummaryBytes', options.maxSummaryBytes ?? 16 * 1024 * 1024, { min: 1 }),
    selfObsMeterProvider,
  };
}

function resolveSeverities(severities: readonly SeverityName[]): readonly boolean[] {
  const rule = 'a list of at least one severity';
  if (!Array.isArray(severities)) throw new TypeError(optionMessage('severities', rule, severities));
  if (severities.length === 0) throw new RangeError(optionMessage('severities', rule, severities));
  const names = new Set(severities.map((name, index) => checkOneOf(`severities[${index}]`, name, SEVERITY_NAMES)));
  return SEVERITY_NAMES.map((name) => names.has(name));
}
