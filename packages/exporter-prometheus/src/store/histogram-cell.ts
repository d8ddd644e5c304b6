import type { Cell } from './cell.ts';
import { type ExemplarSource, toExemplar } from './exemplar-source.ts';
import type { BucketSnapshot, Label, SeriesSnapshot } from './family-snapshot.ts';

/** How many values there were of each size, and their sum. */
export class HistogramCell implements Cell {
  readonly #bounds: Float64Array;
  /** One more than there are bounds: the last is for values above all of them. Each value counts in one only. */
  readonly #counts: Float64Array;
  readonly #exemplars: (ExemplarSource | undefined)[];
  readonly #exemplarValues: Float64Array;
  #sum = 0;

  /** @param bounds upper bounds in rising order, without `Infinity` */
  constructor(bounds: Float64Array) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
    this.#exemplars = Array.from(this.#counts, () => undefined);
    this.#exemplarValues = new Float64Array(bounds.length + 1);
  }

  add(value: number, weight: number, exemplar: ExemplarSource | undefined): boolean {
    const sum = this.#sum + value * weight;
    if (!Number.isFinite(sum)) return false;
    const index = bucketOf(this.#bounds, value);
    this.#sum = sum;
    this.#counts[index] = (this.#counts[index] as number) + weight;
    if (exemplar !== undefined) {
      this.#exemplars[index] = exemplar;
      this.#exemplarValues[index] = value;
    }
    return true;
  }

  /**
   * Counts of sampled records are fractions, and OpenMetrics has whole ones only. What is rounded is the sum from the
   * first bucket on, so that no error adds up, and buckets stay in order.
   */
  snapshot(labels: readonly Label[]): SeriesSnapshot {
    const buckets: BucketSnapshot[] = [];
    let cumulative = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      cumulative += this.#counts[index] as number;
      const upperBound = this.#bounds[index] ?? Infinity;
      const count = Math.round(cumulative);
      const exemplar = toExemplar(this.#exemplars[index], this.#exemplarValues[index] as number);
      buckets.push(exemplar === undefined ? { upperBound, count } : { upperBound, count, exemplar });
    }
    return { labels, value: this.#sum, buckets };
  }
}

/** Index of the first bound that is not below the value: a value that equals a bound is within it. */
function bucketOf(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
