/** One sample of one time series, as it is sent. */
export interface TimeSeries {
  /** Labels of the series, `__name__` among them, as `encodeLabels` makes them. */
  readonly labelBytes: Uint8Array;
  /** Time of the sample, in milliseconds since the epoch. */
  readonly timestampMillis: number;
  /** Its value; undefined for the stale marker that ends a series. */
  readonly value: number | undefined;
  readonly exemplar: TimeSeriesExemplar | undefined;
}

/** An exemplar that is sent with a sample. */
export interface TimeSeriesExemplar {
  /** Its labels, as `encodeLabels` makes them. */
  readonly labelBytes: Uint8Array;
  readonly value: number;
  readonly timestampMillis: number;
}
