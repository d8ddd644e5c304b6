import { nanosText, NANOS_PER_MILLI } from './record-time.ts';

/** Milliseconds remembered: as many as the two lanes of a processor can be apart in practice. */
const MAX_TICKS = 256;

/** Texts of the nanoseconds that follow a millisecond: nearly all that occur. */
const NANOS_TEXTS: string[] = [];
const MAX_NANOS_TEXTS = 1000;

/**
 * Gives each record of a stream a time of its own. Loki stores a line once that has the time, the text and the metadata
 * of another one, and the clocks of JavaScript tick in milliseconds: a record gets the first free nanosecond of its
 * millisecond, so that equal lines stay apart and lines of one millisecond stay in order, across batches.
 *
 * A record that is older than the one before keeps its own millisecond, however late it comes; only the last 256
 * milliseconds that were used are remembered.
 */
export class StreamClock {
  /** First free nanosecond of each remembered millisecond, by the same index. */
  readonly #millis: number[] = [];
  readonly #free: number[] = [];
  #slot = -1;
  #latestSlot = -1;
  #currentMillis = -1;
  #currentFree = 0;
  #newestMillis = -1;
  #prefix = '';

  /** The text of a record up to its line, `["<time>","`, with a time that no other record of the stream has. */
  next(millis: number, nanos: number): string {
    if (millis !== this.#currentMillis) this.#enter(millis);
    const free = nanos > this.#currentFree ? nanos : this.#currentFree;
    if (free >= NANOS_PER_MILLI) return this.next(millis + 1, 0);
    this.#currentFree = free + 1;
    return this.#prefix + (NANOS_TEXTS[free] ?? makeNanosText(free));
  }

  #enter(millis: number): void {
    if (this.#slot >= 0) this.#free[this.#slot] = this.#currentFree;
    const known = millis > this.#newestMillis ? -1 : this.#millis.indexOf(millis);
    if (known >= 0) this.#slot = known;
    else {
      this.#latestSlot = (this.#latestSlot + 1) % MAX_TICKS;
      this.#slot = this.#latestSlot;
      this.#millis[this.#slot] = millis;
      this.#free[this.#slot] = 0;
    }
    if (millis > this.#newestMillis) this.#newestMillis = millis;
    this.#currentMillis = millis;
    this.#currentFree = this.#free[this.#slot] as number;
    this.#prefix = `["${millis}`;
  }
}

function makeNanosText(nanos: number): string {
  const text = `${nanosText(nanos)}","`;
  // Filled from the start and in order, which is how they are asked for, so that the list has no holes.
  if (nanos === NANOS_TEXTS.length && nanos < MAX_NANOS_TEXTS) NANOS_TEXTS.push(text);
  return text;
}
