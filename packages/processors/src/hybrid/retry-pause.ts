import { exponentialBackoff, nextDelayMillis, startTimer } from '@spillway/retry';

/** 1 s, doubled, full jitter: what an exporter that answered FAILED is given to recover. */
const backoff = /* @__PURE__ */ exponentialBackoff();

/** The time in which the batch lane sends nothing, because a batch of it has failed. */
export class RetryPause {
  readonly #onEnd: () => void;
  #until = 0;
  #cancelTimer: (() => void) | undefined;

  /** @param onEnd called when the time has passed */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isRunning(): boolean {
    return this.#cancelTimer !== undefined;
  }

  /** Begins a pause, or prolongs the one that runs. @param attempts how often the batch has failed, from 1 */
  begin(attempts: number): void {
    const delayMillis = nextDelayMillis({ attempt: attempts, backoff, random: Math.random() });
    const until = performance.now() + delayMillis;
    if (this.isRunning && until <= this.#until) return;
    this.end();
    this.#until = until;
    this.#cancelTimer = startTimer(() => {
      this.#cancelTimer = undefined;
      this.#onEnd();
    }, delayMillis);
  }

  /** Ends the pause now, without calling back. */
  end(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
