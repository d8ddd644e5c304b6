import { checkInteger, checkNumber, checkOptions, checkTimerMillis } from '@spillway/core';

export interface CircuitBreakerOptions {
  /**
   * How many attempts must fail in a row to open the breaker, 1 and up.
   * @defaultValue 5: as Vector's endpoint health does. Fewer lets single lost connections stop the sending.
   */
  readonly failureThreshold?: number;
  /** The first open period in milliseconds, 1 to 2^31-1. @defaultValue 1000 */
  readonly openMillis?: number;
  /** What the open period is multiplied by when a probe fails, 1 and up. @defaultValue 2 */
  readonly factor?: number;
  /**
   * The longest open period in milliseconds, 1 to 2^31-1; it wins over `openMillis`.
   * @defaultValue 60000: a backend that was down for hours is used again within a minute.
   */
  readonly maxOpenMillis?: number;
}

export type CircuitBreakerState = 'closed' | 'open' | 'half-open';

/**
 * Stops calling a backend that fails, and probes it with one attempt per open period until it answers.
 *
 * Reads no clock: `now` is monotonic milliseconds. An attempt begins with a `tryAcquire` that answers true, and ends with
 * exactly one of `onSuccess`, `onFailure` and `release`.
 *
 * With several attempts in flight, read `epoch` after `tryAcquire` and hand it to `onFailure` and `release`: only so can
 * the breaker tell the probe from an attempt that began before it opened. Without it a failure while half-open is taken
 * for the probe's.
 */
export class CircuitBreaker {
  readonly #failureThreshold: number;
  readonly #firstOpenMillis: number;
  readonly #factor: number;
  readonly #maxOpenMillis: number;

  #state: CircuitBreakerState = 'closed';
  #epoch = 0;
  #failures = 0;
  #openMillis: number;
  #probeAt = 0;

  constructor(options: CircuitBreakerOptions = {}) {
    checkOptions(options);
    const { failureThreshold = 5, openMillis = 1000, factor = 2, maxOpenMillis = 60_000 } = options;
    this.#failureThreshold = checkInteger('failureThreshold', failureThreshold, { min: 1 });
    this.#factor = checkNumber('factor', factor, { min: 1 });
    this.#maxOpenMillis = checkTimerMillis('maxOpenMillis', maxOpenMillis, 1);
    this.#firstOpenMillis = Math.min(checkTimerMillis('openMillis', openMillis, 1), this.#maxOpenMillis);
    this.#openMillis = this.#firstOpenMillis;
  }

  get state(): CircuitBreakerState {
    return this.#state;
  }

  /** Changes whenever the state does. */
  get epoch(): number {
    return this.#epoch;
  }

  /** When the next probe is due, or `undefined` while closed and while a probe is under way. */
  get nextProbeAt(): number | undefined {
    return this.#state === 'open' ? this.#probeAt : undefined;
  }

  /** Whether an attempt may begin now. True while open means: this is the probe. */
  tryAcquire(now: number): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'half-open' || now < this.#probeAt) return false;
    this.#enter('half-open');
    return true;
  }

  /** An attempt succeeded. Closes the breaker whichever attempt it was: the backend has just answered. */
  onSuccess(_now: number): void {
    this.#failures = 0;
    this.#openMillis = this.#firstOpenMillis;
    if (this.#state !== 'closed') this.#enter('closed');
  }

  /** An attempt failed. Of attempts that began before the last change of state nothing is counted. */
  onFailure(now: number, epoch: number = this.#epoch): void {
    if (this.#state === 'open' || epoch !== this.#epoch) return;
    if (this.#state === 'half-open') {
      this.#openMillis = Math.min(this.#openMillis * this.#factor, this.#maxOpenMillis);
    } else {
      this.#failures += 1;
      if (this.#failures < this.#failureThreshold) return;
    }
    this.#probeAt = now + this.#openMillis;
    this.#enter('open');
  }

  /** An attempt ended without a verdict, for example because it was aborted: a probe becomes due again at once. */
  release(epoch: number = this.#epoch): void {
    if (this.#state === 'half-open' && epoch === this.#epoch) this.#enter('open');
  }

  #enter(state: CircuitBreakerState): void {
    this.#state = state;
    this.#epoch += 1;
  }
}
