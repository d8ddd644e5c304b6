import type { Exemplar, Label } from '../store/family-snapshot.ts';
import { encodeLabels, labelSet } from './label-bytes.ts';
import type { TimeSeriesExemplar } from './time-series.ts';

/**
 * The exemplars of one time series: each is sent once, and each is newer than the one before, because receivers drop
 * others without a word.
 */
export class ExemplarSequence {
  #last: Exemplar | undefined;
  #lastMillis = -Infinity;

  /** What is sent of the exemplar that the series has now; undefined where it was sent before. */
  next(exemplar: Exemplar, pushMillis: number): TimeSeriesExemplar | undefined {
    if (this.#last !== undefined && isSame(exemplar, this.#last)) return undefined;
    const { timestampMillis: ownMillis, value, labels } = exemplar;
    // A record can claim any time; one far ahead would lock out all that follow. What was sent is older than this push.
    const wantedMillis = Number.isFinite(ownMillis) ? Math.min(Math.floor(ownMillis), pushMillis) : pushMillis;
    const timestampMillis = Math.max(wantedMillis, this.#lastMillis + 1);
    this.#last = exemplar;
    this.#lastMillis = timestampMillis;
    return { labelBytes: encodeLabels(labelSet(labels)), value, timestampMillis };
  }
}

function isSame(one: Exemplar, other: Exemplar): boolean {
  if (one === other) return true;
  if (!Object.is(one.value, other.value) || !Object.is(one.timestampMillis, other.timestampMillis)) return false;
  if (one.labels.length !== other.labels.length) return false;
  return one.labels.every(([name, value], index) => {
    const [otherName, otherValue] = other.labels[index] as Label;
    return name === otherName && value === otherValue;
  });
}
