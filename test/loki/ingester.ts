import type { AcceptedStream, Instant } from './accepted-push.ts';
import type { LokiLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { Stream, type StoredEntry } from './stream.ts';

/** One tenant's streams and what is stored in them. */
export class Ingester {
  readonly #tenant: string;
  readonly #limits: LokiLimits;
  readonly #streams = new Map<string, Stream>();
  /** All lines in the order in which they were stored. */
  readonly entries: StoredEntry[] = [];

  constructor(tenant: string, limits: LokiLimits) {
    this.#tenant = tenant;
    this.#limits = limits;
  }

  get streams(): Iterable<Stream> {
    return this.#streams.values();
  }

  /**
   * Stores the streams one after the other. What is reported is what became of the last one: a stream before it that was refused, in
   * part or as a whole, leaves no trace in the answer.
   * @throws Refusal
   */
  push(accepted: readonly AcceptedStream[], now: Instant): void {
    let refusal: Refusal | undefined;
    for (const { labels, entries } of accepted) {
      let stream = this.#streams.get(labels.text);
      if (stream === undefined) {
        if (this.#limits.maxStreams !== 0 && this.#streams.size >= this.#limits.maxStreams) {
          refusal = this.#tooManyStreams(labels.text);
          continue;
        }
        stream = new Stream(this.#tenant, labels, this.#limits);
        this.#streams.set(labels.text, stream);
      }
      refusal = stream.push(entries, now, this.entries);
    }
    if (refusal !== undefined) throw refusal;
  }

  #tooManyStreams(labels: string): Refusal {
    return new Refusal(
      429,
      `maximum active stream limit exceeded when trying to create stream ${labels}, reduce the number of active streams ` +
        '(reduce labels or reduce label values), or contact your Loki administrator to see if the limit can be increased, ' +
        `user: '${this.#tenant}'`,
    );
  }
}
