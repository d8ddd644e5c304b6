import { checkNumber, checkOptions } from '@spillway/core';

export interface TokenBucketOptions {
  /** How many tokens are added per second, 0.001 and up: bytes, records, requests. */
  readonly ratePerSecond: number;
  /**
   * How many tokens the bucket holds, 1 and up: what may be taken at once after a pause.
   * @defaultValue the tokens of one second, at least 1. Less evens out the load, more allows longer bursts.
   */
  readonly burst?: number;
}

/**
 * Limits a rate: over any time t no more than `burst + ratePerSecond * t` is taken. The bucket is full at first.
 *
 * A count above `burst` can be taken too, when the bucket is full; the bucket is then in debt, and nothing more is taken
 * until it is paid. So only that one exceeds the bound, by what it has above `burst`.
 *
 * Reads no clock: `now` is monotonic milliseconds, and a `now` before an earlier one counts as that earlier one.
 */
export class TokenBucket {
  readonly #millisPerToken: number;
  readonly #burst: number;
  #now = -Infinity;
  /** When the bucket will be full again if nothing is taken: one number instead of a count and the time it was true. */
  #fullAt = -Infinity;

  constructor(options: TokenBucketOptions) {
    checkOptions(options);
    const { ratePerSecond } = options;
    this.#millisPerToken = 1000 / checkNumber('ratePerSecond', ratePerSecond, { min: 0.001 });
    this.#burst = checkNumber('burst', options.burst ?? Math.max(ratePerSecond, 1), { min: 1 });
  }

  /** Takes the tokens if they are there. */
  tryTake(count: number, now: number): boolean {
    this.#advance(now);
    if (!(this.#readyAt(count) <= this.#now)) return false;
    this.#fullAt = Math.max(this.#fullAt, this.#now) + count * this.#millisPerToken;
    return true;
  }

  /** Whole milliseconds until `tryTake(count)` will succeed if nothing else is taken; 0 if it would now. */
  delayMillisFor(count: number, now: number): number {
    this.#advance(now);
    return Math.max(0, Math.ceil(this.#readyAt(count) - this.#now));
  }

  #advance(now: number): void {
    if (now > this.#now) this.#now = now;
  }

  #readyAt(count: number): number {
    return this.#fullAt - Math.max(0, this.#burst - count) * this.#millisPerToken;
  }
}
