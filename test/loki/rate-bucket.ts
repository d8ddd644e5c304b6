/** A token bucket that is full at first. What does not fit at once is refused and takes nothing. */
export class RateBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #lastMillis: number | undefined;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  take(amount: number, nowMillis: number): boolean {
    const elapsed = Math.max(0, nowMillis - (this.#lastMillis ?? nowMillis));
    const tokens = Math.min(this.#burst, this.#tokens + (elapsed / 1000) * this.#perSecond);
    if (amount > this.#burst || amount > tokens) return false;
    this.#lastMillis = nowMillis;
    this.#tokens = tokens - amount;
    return true;
  }
}
