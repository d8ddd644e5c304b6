import type { RecordCondition, RecordField } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Where a label takes its value from. */
export type LabelOrigin = RecordField;

/** Where a metric takes its number from. */
export type ValueOrigin = `attributes.${string}` | 'body.bytes';

/** Reads the number of a record; undefined where it has none. */
export type ValueReader = (record: ReadableLogRecord) => number | undefined;

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** Which records a metric is about. One whose predicate throws at a record does not count it in this metric. */
export type MetricCondition = RecordCondition;

/** A label of a metric. Its distinct values, times those of the other labels, are the series that there will be. */
export interface MetricLabel {
  /**
   * - `severity`: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`, by the severity number
   * - `scope`: name of the instrumentation scope
   * - `eventName`: name of the event
   * - `attributes.<key>`, `resource.<key>`: an attribute of the record or of its resource that is a text, a number or a
   *   boolean. Lists and maps count as missing, and so does an empty text, which Prometheus takes for no label.
   *
   * Values are cut to 1,024 UTF-16 units. Lone surrogates, and U+FFFD, become `?`.
   */
  readonly from: LabelOrigin;
  /**
   * Name of the label: letters, digits and `_`, beginning with no digit. Not `le`, `quantile`, `job`, `instance` or one
   * that begins with `__`, which Prometheus has for itself: of an attribute that is called so it must be given.
   * @defaultValue the origin: `http_route` of `attributes.http.route`, `event_name` of `eventName`
   */
  readonly as?: string;
  /**
   * Makes the value of the text that was read, such as `5xx` of `503`, so that there are fewer of them; an empty text or
   * undefined counts as missing. Called while the application waits, so it must be fast. Where it throws, the record is not
   * counted in this metric.
   * @defaultValue none: the text as it is
   */
  readonly map?: (text: string) => string | undefined;
  /**
   * Value where the record has none. Without it, and without `optional`, such a record is not counted in the metric.
   * @defaultValue `UNSPECIFIED` for `severity`, `unknown` for `scope`, else none
   */
  readonly default?: string;
  /** Whether a record without a value is counted in a series without this label. Not together with `default`. @defaultValue false */
  readonly optional?: boolean;
  /** The only values there may be, after `map`: each other one becomes `other`. @defaultValue any value */
  readonly values?: readonly string[];
}

/** A metric, and how records count in it. */
export interface MetricRule {
  /**
   * Name of the metric: letters, digits, `_` and `:`, beginning with no digit. The unit is appended where the name does
   * not end in it, and `_total` to that of a counter; others may not end so. Two metrics may not have one name: give
   * `when` a list instead. Not `up` and the like, which Prometheus writes itself.
   */
  readonly name: string;
  /** Counters only grow, gauges show the present, histograms count values by size. */
  readonly type: MetricType;
  /** What the metric means, in a sentence; those who query it see it. */
  readonly help: string;
  /** Unit of the values, in the plural and without prefix, such as `seconds` or `bytes`. @defaultValue none */
  readonly unit?: string;
  /** Which records count: those that meet the condition, of a list any of them. @defaultValue all records */
  readonly when?: MetricCondition | readonly MetricCondition[];
  /**
   * The number that a record adds, sets or observes: an attribute that is a finite number, also one written as a decimal
   * text, `body.bytes`, the bytes of a text body in UTF-8 (0 for any other body), or what a function of your own reads,
   * while the application waits. Counters and histograms take numbers from 0 on. A record without such a number, or one
   * that the function throws at, is not counted in the metric.
   * @defaultValue for counters 1 a record; gauges and histograms need one
   */
  readonly value?: ValueOrigin | ValueReader;
  /** Gauges only: whether a record sets the value or adds to it. @defaultValue 'set' */
  readonly action?: 'set' | 'add';
  /** Labels of the metric. @defaultValue none: a single series */
  readonly labels?: readonly MetricLabel[];
  /**
   * Histograms only: upper bounds of the buckets, from 0 on, in rising order. A value that equals a bound is within it. The
   * last bucket, for everything above, is added.
   * @defaultValue 0.005 to 10 for the unit `seconds`, as in Prometheus' client libraries; others need them
   */
  readonly buckets?: readonly number[];
  /**
   * Series of this metric at once, 1 to 1,000,000. What `overflow` says happens to records that would make one more.
   * @defaultValue 1000: a dashboard shows no more, and a scrape stays below 100 KiB for most metrics
   */
  readonly maxSeries?: number;
  /**
   * Records beyond `maxSeries` count in one more series, whose labels all are `otel_metric_overflow`, or not at all.
   * @defaultValue 'series', by which totals stay exact; 'drop' for gauges that are set, where a mix would mean nothing
   */
  readonly overflow?: 'series' | 'drop';
  /**
   * Gauges only: a series that no record has changed for this long, in milliseconds from 1 on, ends. A counter or a
   * histogram never does, because it would start again from 0.
   * @defaultValue Infinity: it stays
   */
  readonly idleTimeoutMillis?: number;
  /**
   * Counters and histograms only: whether a series, and each bucket, names trace and span of the last record of a trace
   * that it has counted. `'trace'` says the same as true.
   * @defaultValue true: they take no more than 63 characters each, and only where OpenMetrics is spoken
   */
  readonly exemplars?: boolean | 'trace';
  /**
   * Label sets that exist from the start, with value 0: Prometheus sees no increase in a series that begins with its
   * first burst. Each names all labels but optional ones.
   * @defaultValue none; the single series of a counter or a histogram without labels
   */
  readonly init?: readonly Readonly<Record<string, string>>[];
}
