import type { BurstLimiter } from './burst-limiter.ts';

/** Of an emission interval: more than sums of milliseconds lose by rounding, less than anybody can measure. */
const TOLERANCE = 1e-6;
const MILLIS_PER_SECOND = 1000;

/**
 * A rate with a burst: `burst` records pass at one instant, and then one in every `1000 / perSecond` milliseconds. It
 * is the generic cell rate algorithm, counted in emission intervals: one float per cell says when the records that have
 * passed are worked off, and none passes that would put it more than `burst` intervals ahead of now.
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm (read 2026-11-21)
 */
export class GcraLimiter implements BurstLimiter {
  readonly #intervalsPerMilli: number;
  readonly #maxAhead: number;
  readonly #workedOffAt: Float64Array;

  constructor(cells: number, perSecond: number, burst: number) {
    this.#intervalsPerMilli = perSecond / MILLIS_PER_SECOND;
    this.#maxAhead = burst - 1 + TOLERANCE;
    this.#workedOffAt = new Float64Array(cells).fill(-Infinity);
  }

  admit(cell: number, now: number): boolean {
    const at = now * this.#intervalsPerMilli;
    const workedOffAt = this.#workedOffAt[cell] as number;
    if (workedOffAt - at > this.#maxAhead) return false;
    this.#workedOffAt[cell] = (workedOffAt > at ? workedOffAt : at) + 1;
    return true;
  }

  /** A rate has no windows: a summary is about the time since the first record that was suppressed. */
  windowStart(_cell: number, now: number): number {
    return now;
  }

  reset(cell: number): void {
    this.#workedOffAt[cell] = -Infinity;
  }
}
