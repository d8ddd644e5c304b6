import { type Label, labelsJson } from './index-labels.ts';
import { StreamClock } from './stream-clock.ts';

/** Streams are counted anew each hour: about as long as Loki keeps an idle one in memory. */
const WINDOW_MILLIS = 60 * 60 * 1000;

/** Clocks kept beyond the streams that extra labels may make, for those that resources and tenants make. */
const SPARE_CLOCKS = 1000;

/** One stream of one tenant. */
export interface Stream {
  readonly tenant: string | undefined;
  /** Its labels as JSON. */
  readonly labels: string;
  readonly clock: StreamClock;
  /** Hour in which it was last counted. */
  window: number;
}

/** Knows the streams that records went to, so that times stay unique and labels from attributes stay few. Bounded. */
export class StreamRegistry {
  readonly #streams = new Map<string, Stream>();
  readonly #maxStreams: number;
  #window = 0;
  #windowStartMillis = Number.NEGATIVE_INFINITY;
  #streamsInWindow = 0;

  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  /** To be called before each batch. */
  startBatch(nowMillis: number): void {
    const elapsedMillis = nowMillis - this.#windowStartMillis;
    // A clock that was set back begins a new hour as well; it must not hold the old one for long.
    if (elapsedMillis < WINDOW_MILLIS && elapsedMillis >= 0) return;
    this.#window += 1;
    this.#windowStartMillis = nowMillis;
    this.#streamsInWindow = 0;
  }

  /** The stream of these labels; undefined where it would be one more than extra labels may make in this hour. */
  find(tenant: string | undefined, labels: readonly Label[], hasExtraLabels: boolean): Stream | undefined {
    const json = labelsJson(labels);
    const key = tenant === undefined ? json : `${tenant} ${json}`;
    let stream = this.#streams.get(key);
    if (stream?.window !== this.#window) {
      if (hasExtraLabels && this.#streamsInWindow >= this.#maxStreams) return undefined;
      this.#streamsInWindow += 1;
    }
    stream ??= { tenant, labels: json, clock: new StreamClock(), window: 0 };
    stream.window = this.#window;
    // Deleted and set again, a key moves to the end: the first one is always the one that was used longest ago.
    this.#streams.delete(key);
    this.#streams.set(key, stream);
    return stream;
  }

  /** To be called after each batch: forgets the streams that were used longest ago. */
  endBatch(): void {
    for (const key of this.#streams.keys()) {
      if (this.#streams.size <= this.#maxStreams + SPARE_CLOCKS) return;
      this.#streams.delete(key);
    }
  }
}
