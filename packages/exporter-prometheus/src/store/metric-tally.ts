/** What became of the records that met the condition of a metric. Each is in one of the counts. */
export interface MetricStats {
  /** Name of the metric's family. */
  readonly name: string;
  /** Series there are now. */
  readonly series: number;
  /** Records counted in a series of their own labels. */
  readonly counted: number;
  /** Records counted in the overflow series. */
  readonly overflowed: number;
  /** Records left out, because they would have made a series too many. */
  readonly overLimit: number;
  /** Records left out, because they have no value for a label. */
  readonly withoutLabel: number;
  /** Records left out, because they have no number. */
  readonly withoutValue: number;
  /** Records left out, because what should be their number is none that the metric can take. */
  readonly invalidValues: number;
  /** Records left out, because a predicate or a record threw; with a predicate it is not known whether they met the condition. */
  readonly errors: number;
}

/** Counts the records of one metric. */
export class MetricTally {
  counted = 0;
  overflowed = 0;
  overLimit = 0;
  withoutLabel = 0;
  withoutValue = 0;
  invalidValues = 0;
  errors = 0;

  stats(name: string, series: number): MetricStats {
    const { counted, overflowed, overLimit, withoutLabel, withoutValue, invalidValues, errors } = this;
    return { name, series, counted, overflowed, overLimit, withoutLabel, withoutValue, invalidValues, errors };
  }
}
