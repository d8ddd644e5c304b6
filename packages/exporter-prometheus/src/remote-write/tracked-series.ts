import type { BucketSnapshot, Exemplar, FamilySnapshot, Label, SeriesSnapshot } from '../store/family-snapshot.ts';
import { boundText } from '../exposition/number-text.ts';
import { counterSampleName } from '../rules/metric-name.ts';
import { ExemplarSequence } from './exemplar-sequence.ts';
import { encodeLabels, labelSet } from './label-bytes.ts';
import type { TimeSeries, TimeSeriesExemplar } from './time-series.ts';
import { hasLabels } from './time-series-writer.ts';

/** What is gathered for one push. */
export interface Push {
  readonly timestampMillis: number;
  /** Samples of 0, a millisecond earlier: without one, `increase()` does not see the first value of a series. */
  readonly starts: TimeSeries[];
  /** Samples of the push's own time. */
  readonly samples: TimeSeries[];
}

/** A time series of its own for the receiver: a counter is one, a histogram several. */
interface Part {
  readonly labelBytes: Uint8Array;
  /** Made for the first exemplar: most time series never have one. */
  exemplars: ExemplarSequence | undefined;
}

/**
 * A series that was pushed, with what its next push needs. Its labels are encoded once. Of a histogram it has a part for
 * each bucket, then the sum, then the count.
 */
export class TrackedSeries {
  /** Name of its metric. */
  readonly name: string;
  /** Number of the push that it was last a part of. */
  lastPush = 0;
  /** Before this wall-clock time, in milliseconds since the epoch, nothing is sent of it. */
  leftOutUntilMillis: number = -Infinity;
  readonly #isCumulative: boolean;
  readonly #parts: readonly Part[];
  #isNew = true;

  constructor(family: FamilySnapshot, series: SeriesSnapshot, extraLabels: readonly Label[]) {
    this.name = family.name;
    const labels = [...extraLabels, ...series.labels];
    this.#isCumulative = family.type !== 'gauge';
    this.#parts = partLabels(family, series.buckets).map((own) => ({
      labelBytes: encodeLabels(labelSet([...labels, ...own])),
      exemplars: undefined,
    }));
  }

  /** Whether an encoded series of a request is one of its parts. */
  owns(encoded: Uint8Array): boolean {
    return this.#parts.some(({ labelBytes }) => hasLabels(encoded, labelBytes));
  }

  /** Adds its samples of now. */
  push({ value, exemplar, buckets }: SeriesSnapshot, push: Push): void {
    if (buckets === undefined) this.#add(0, value, exemplar, push);
    else {
      for (const [index, { count, exemplar: own }] of buckets.entries()) this.#add(index, count, own, push);
      this.#add(buckets.length, value, undefined, push);
      this.#add(buckets.length + 1, buckets.at(-1)?.count ?? 0, undefined, push);
    }
    this.#isNew = false;
  }

  /** Adds the stale markers that end it. */
  end({ timestampMillis, samples }: Push): void {
    for (const { labelBytes } of this.#parts) {
      samples.push({ labelBytes, timestampMillis, value: undefined, exemplar: undefined });
    }
  }

  #add(index: number, value: number, exemplar: Exemplar | undefined, { timestampMillis, starts, samples }: Push): void {
    const part = this.#parts[index] as Part;
    const { labelBytes } = part;
    if (this.#isNew && this.#isCumulative && value !== 0) {
      starts.push({ labelBytes, timestampMillis: timestampMillis - 1, value: 0, exemplar: undefined });
    }
    samples.push({
      labelBytes,
      timestampMillis,
      value,
      exemplar: exemplar && nextExemplar(part, exemplar, timestampMillis),
    });
  }
}

function nextExemplar(part: Part, exemplar: Exemplar, timestampMillis: number): TimeSeriesExemplar | undefined {
  part.exemplars ??= new ExemplarSequence();
  return part.exemplars.next(exemplar, timestampMillis);
}

/** What tells the parts of a series apart. */
function partLabels({ name, type }: FamilySnapshot, buckets: readonly BucketSnapshot[] = []): readonly Label[][] {
  if (type === 'counter') return [[['__name__', counterSampleName(name)]]];
  if (type === 'gauge') return [[['__name__', name]]];
  return [
    ...buckets.map(({ upperBound }): Label[] => [
      ['__name__', `${name}_bucket`],
      ['le', boundText(upperBound)],
    ]),
    [['__name__', `${name}_sum`]],
    [['__name__', `${name}_count`]],
  ];
}
