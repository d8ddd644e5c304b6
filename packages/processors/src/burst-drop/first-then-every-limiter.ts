import type { BurstLimiter } from './burst-limiter.ts';

/**
 * Of the records in a window the first `first` pass, and then every `thereafter`-th (none where that is 0): of `n`
 * records `min(n, first) + floor(max(0, n - first) / thereafter)`. A window starts with the first record after the last one.
 *
 * @see https://github.com/uber-go/zap/blob/v1.28.0/zapcore/sampler.go (read 2026-11-21)
 */
export class FirstThenEveryLimiter implements BurstLimiter {
  readonly #first: number;
  /** Infinity: none. */
  readonly #thereafter: number;
  readonly #intervalMillis: number;
  readonly #starts: Float64Array;
  readonly #counts: Float64Array;
  /** Which record of the window, counted from 1, is the next to pass after the first ones: spares a division. */
  readonly #nextToPass: Float64Array;

  constructor(cells: number, first: number, thereafter: number, intervalMillis: number) {
    this.#first = first;
    this.#thereafter = thereafter === 0 ? Infinity : thereafter;
    this.#intervalMillis = intervalMillis;
    this.#starts = new Float64Array(cells).fill(-Infinity);
    this.#counts = new Float64Array(cells);
    this.#nextToPass = new Float64Array(cells);
  }

  admit(cell: number, now: number): boolean {
    if (now >= (this.#starts[cell] as number) + this.#intervalMillis) this.#open(cell, now);
    const count = (this.#counts[cell] as number) + 1;
    this.#counts[cell] = count;
    if (count <= this.#first) return true;
    if (count !== this.#nextToPass[cell]) return false;
    this.#nextToPass[cell] = count + this.#thereafter;
    return true;
  }

  windowStart(cell: number): number {
    return this.#starts[cell] as number;
  }

  reset(cell: number): void {
    this.#starts[cell] = -Infinity;
  }

  #open(cell: number, now: number): void {
    this.#starts[cell] = now;
    this.#counts[cell] = 0;
    this.#nextToPass[cell] = this.#first + this.#thereafter;
  }
}
