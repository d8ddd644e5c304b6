/** One moment of the store, as every way to Prometheus gets it: scrape, Pushgateway, remote write, other libraries. */

/** Name and value of a label. */
export type Label = readonly [name: string, value: string];

/** A record that is an example of what was counted. */
export interface Exemplar {
  /** Trace and span of the record. */
  readonly labels: readonly Label[];
  /** The record's own value: 1 where records are counted, what was observed in a histogram. */
  readonly value: number;
  /** The record's time, in milliseconds since 1970. */
  readonly timestampMillis: number;
}

/** One bucket of a histogram. */
export interface BucketSnapshot {
  /** Highest value that is counted here; `Infinity` in the last bucket. */
  readonly upperBound: number;
  /** Observations up to the bound: those of the buckets before are included. */
  readonly count: number;
  readonly exemplar?: Exemplar;
}

/** One series of a metric. */
export interface SeriesSnapshot {
  /** Sorted by name, each name once, no empty value, all values well-formed. */
  readonly labels: readonly Label[];
  /** Of a histogram: the sum of what was observed. */
  readonly value: number;
  /** The last one of a counter. */
  readonly exemplar?: Exemplar;
  /** Of a histogram, in the order of their bounds. */
  readonly buckets?: readonly BucketSnapshot[];
}

/** All series of one metric. */
export interface FamilySnapshot {
  /** Without the `_total` that samples of counters have. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** The end of the name, where the metric has a unit. */
  readonly unit?: string;
  readonly series: readonly SeriesSnapshot[];
}
