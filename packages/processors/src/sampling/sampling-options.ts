import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SeverityName } from '@spillway/core';

import type { SamplingRule } from './sampling-rule.ts';

export interface SamplingLogRecordProcessorOptions {
  /** Where the records go that are kept: any log-record processor. It is flushed and shut down with this one. */
  readonly delegate: LogRecordProcessor;
  /**
   * Part of the records that is kept, 0 to 1, of those that no rule matches. Give this or `every`.
   * @defaultValue 1: everything
   */
  readonly ratio?: number;
  /**
   * Keeps the first and then exactly one of so many records, 1 and up, of those that no rule matches. It takes no account
   * of traces, and writes no threshold. Give this or `ratio`.
   * @defaultValue none
   */
  readonly every?: number;
  /** Ratios for certain records. The first rule that matches counts. @defaultValue none */
  readonly rules?: readonly SamplingRule[];
  /**
   * Ratios by severity: `{ DEBUG: 0.1 }` is a rule for the severity numbers 5 to 8. They come after `rules`.
   * @defaultValue none
   */
  readonly severityRatios?: Readonly<Partial<Record<SeverityName, number>>>;
  /**
   * Records of this severity number and above are kept, 1 and up. `Infinity`: none for its severity alone.
   * @defaultValue 17 (ERROR): what somebody will look for
   */
  readonly keepMinSeverity?: number;
  /**
   * Whether the attribute `sampling.priority`, a number, overrides everything else for its record: 0 drops it, 100 and
   * above keeps it, what is between is its ratio in percent.
   * @defaultValue true, as the OpenTelemetry Collector's sampler is usually set up. Without it `enabled` can tell earlier
   * that no record of a kind is kept.
   */
  readonly usePriority?: boolean;
  /**
   * How full what stands behind is, 0 to 1, such as `hybrid.pressure`: above `pressureLowMark` fewer records are kept.
   * Asked for each record while the application waits, so it must be fast. Where it throws, the ratios stay as they were.
   * @defaultValue none: the ratios stay as they are
   */
  readonly pressure?: () => number;
  /** Up to this pressure the ratios stay as they are, 0 up to `pressureHighMark`. @defaultValue 0.5 */
  readonly pressureLowMark?: number;
  /** From this pressure on as little is kept as may be, up to 1. @defaultValue 0.9: some room is left for what is kept */
  readonly pressureHighMark?: number;
  /**
   * What pressure leaves of a severity at least, as a part of its ratio: powers of two from 1/1024 to 1, others are
   * rounded up to one.
   * @defaultValue TRACE and DEBUG 1/1024, INFO 1/64, WARN 1/8, ERROR and FATAL 1
   */
  readonly pressureMinRatios?: Readonly<Partial<Record<SeverityName, number>>>;
  /**
   * Random numbers from 0 to 1, without 1, for records without a trace. Where it throws, a number of our own is taken.
   * @defaultValue Math.random
   */
  readonly random?: () => number;
  /** Where metrics about the processor itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}
