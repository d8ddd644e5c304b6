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

  /**
   * Stores a request, or nothing of it, as Prometheus does.
   * @throws Error naming the rule that it breaks.
   */
  write(body: Uint8Array): void {
    const written = new Map<string, StoredSeries>();
    for (const series of readWriteRequest(body)) {
      checkLabels(series);
      const key = JSON.stringify(series.labels);
      if (written.has(key)) throw new Error(`Twice in one request: ${key}`);
      written.set(key, extended(this.stored.get(key), series));
    }
    for (const [key, series] of written) this.stored.set(key, series);
  }

  of(labels: Readonly<Record<string, string>>): StoredSeries {
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    return this.stored.get(key) ?? { samples: [], exemplars: [] };
  }
}

function extended(known: StoredSeries | undefined, { labels, samples, exemplars }: ReadSeries): StoredSeries {
  const stored = { samples: [...(known?.samples ?? [])], exemplars: [...(known?.exemplars ?? [])] };
  if (samples.length === 0) throw new Error(`Without a sample: ${JSON.stringify(labels)}`);
  for (const sample of samples) append(stored.samples, sample, ({ bits }) => bits === sample.bits);
  for (const exemplar of exemplars) {
    append(stored.exemplars, exemplar, (last) => JSON.stringify(last.labels) === JSON.stringify(exemplar.labels));
  }
  return stored;
}

/** Adds what is newer than the last; the last one again changes nothing. */
function append<T extends ReadSample>(stored: T[], one: T, isEqual: (last: T) => boolean): void {
  const last = stored.at(-1);
  if (last !== undefined && one.timestamp === last.timestamp && isEqual(last)) return;
  if (last !== undefined && one.timestamp <= last.timestamp) throw new Error('out of order sample');
  stored.push(one);
}

function checkLabels({ labels }: ReadSeries): void {
  const names = labels.map(([name]) => name);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] as string) < name);
  if (!isSorted) throw new Error(`Expected names to be sorted and unique: ${names.join(', ')}`);
  if (!names.includes('__name__')) throw new Error('Expected a name.');
  if (labels.some(([, value]) => value === '')) throw new Error('Expected no empty value.');
}
