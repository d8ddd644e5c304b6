import { callSafely } from './call-safely.ts';

/** Calls back when pressure reaches a threshold, once until it has been below again. */
export class BackpressureWatch {
  readonly #threshold: number;
  readonly #onReached: () => unknown;
  readonly #onError: (error: unknown) => void;
  #isReached = false;
  #isTelling = false;

  /** @param onReached may throw, and may log or release, which changes the pressure: it is not called again meanwhile */
  constructor(threshold: number, onReached: () => unknown, onError: (error: unknown) => void) {
    this.#threshold = threshold;
    this.#onReached = onReached;
    this.#onError = onError;
  }

  update(pressure: number): void {
    const wasReached = this.#isReached;
    this.#isReached = pressure >= this.#threshold;
    if (wasReached || !this.#isReached || this.#isTelling) return;
    this.#isTelling = true;
    callSafely(this.#onReached, this.#onError);
    this.#isTelling = false;
  }
}
