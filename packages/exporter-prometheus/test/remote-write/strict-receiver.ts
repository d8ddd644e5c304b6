import { type ReadExemplar, type ReadSample, type ReadSeries, readWriteRequest } from './write-request-reader.ts';

export const STALE_BITS = 0x7ff0000000000002n;

/** What is stored of one time series. */
export interface StoredSeries {
  readonly samples: ReadSample[];
  readonly exemplars: ReadExemplar[];
}

/** A receiver that holds requests to every rule of remote write 1.0, whether a real one checks it or not. */
export class StrictReceiver {
  readonly stored: Map<string, StoredSeries> = new Map();

  /** @throws Error naming the rule that a request breaks. */
  write(body: Uint8Array): void {
    const seen = new Set<string>();
    for (const series of readWriteRequest(body)) {
      checkLabels(series);
      const key = JSON.stringify(series.labels);
      if (seen.has(key)) throw new Error(`Twice in one request: ${key}`);
      seen.add(key);
      this.#store(key, series);
    }
  }

  of(labels: Readonly<Record<string, string>>): StoredSeries {
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    return this.stored.get(key) ?? { samples: [], exemplars: [] };
  }

  #store(key: string, { samples, exemplars }: ReadSeries): void {
    const known = this.stored.get(key) ?? { samples: [], exemplars: [] };
    this.stored.set(key, known);
    if (samples.length === 0) throw new Error(`Without a sample: ${key}`);
    for (const sample of samples) append(known.samples, sample, ({ bits }) => bits === sample.bits);
    for (const exemplar of exemplars) {
      append(known.exemplars, exemplar, ({ labels }) => JSON.stringify(labels) === JSON.stringify(exemplar.labels));
    }
  }
}

/** Adds what is newer than the last; the last one again changes nothing. */
function append<T extends ReadSample>(stored: T[], one: T, isEqual: (last: T) => boolean): void {
  const last = stored.at(-1);
  if (last !== undefined && one.timestamp === last.timestamp && isEqual(last)) return;
  if (last !== undefined && one.timestamp <= last.timestamp) throw new Error('out of order');
  stored.push(one);
}

function checkLabels({ labels }: ReadSeries): void {
  const names = labels.map(([name]) => name);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] as string) < name);
  if (!isSorted) throw new Error(`Expected names to be sorted and unique: ${names.join(', ')}`);
  if (!names.includes('__name__')) throw new Error('Expected a name.');
  if (labels.some(([, value]) => value === '')) throw new Error('Expected no empty value.');
}
