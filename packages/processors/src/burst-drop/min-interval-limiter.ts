import type { BurstLimiter } from './burst-limiter.ts';

/** A record passes if the last one that passed is at least the interval ago. */
export class MinIntervalLimiter implements BurstLimiter {
  readonly #intervalMillis: number;
  readonly #passedAt: Float64Array;

  constructor(cells: number, intervalMillis: number) {
    this.#intervalMillis = intervalMillis;
    this.#passedAt = new Float64Array(cells).fill(-Infinity);
  }

  admit(cell: number, now: number): boolean {
    if (now - (this.#passedAt[cell] as number) < this.#intervalMillis) return false;
    this.#passedAt[cell] = now;
    return true;
  }

  /** It has no windows: a summary is about the time since the first record that was suppressed. */
  windowStart(_cell: number, now: number): number {
    return now;
  }

  reset(cell: number): void {
    this.#passedAt[cell] = -Infinity;
  }
}
