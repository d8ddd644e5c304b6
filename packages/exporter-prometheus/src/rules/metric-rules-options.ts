import type { MetricRule } from './metric-rule.ts';

/** What is counted, and how. */
export interface MetricRulesOptions {
  /**
   * The metrics that records are counted in.
   * @defaultValue `log_records_total`, by severity and scope, and `log_record_bytes_total`
   */
  readonly metrics?: readonly MetricRule[];
  /**
   * Whether a record that sampling or deduplication kept for others counts for them as well: its weight is the number
   * that `sampling.threshold` stands for, times `log_count`, where it has these attributes. Gauges take no weight.
   * @defaultValue true: totals then estimate what was emitted. Turn it off where clients can set attributes at will.
   */
  readonly adjustedCount?: boolean;
}

/** Metrics of an exporter that was given none. */
export const DEFAULT_METRICS: readonly MetricRule[] = [
  {
    name: 'log_records_total',
    type: 'counter',
    help: 'Log records by severity and instrumentation scope.',
    labels: [{ from: 'severity' }, { from: 'scope' }],
  },
  {
    name: 'log_record_bytes_total',
    type: 'counter',
    help: 'Size of the text bodies of log records, in UTF-8.',
    unit: 'bytes',
    value: 'body.bytes',
  },
];
