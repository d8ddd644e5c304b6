import type { FlushTarget } from './flush-strategy.ts';

/** Ticks while something waits in a buffer, and keeps no process alive. */
export class WaitingTimer {
  readonly #target: FlushTarget;
  readonly #intervalMillis: number;
  readonly #onTick: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  /** @param onTick flushes, and ends the timer afterwards where it may */
  constructor(target: FlushTarget, intervalMillis: number, onTick: () => void) {
    this.#target = target;
    this.#intervalMillis = intervalMillis;
    this.#onTick = onTick;
  }

  /** Something waits. */
  begin(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    const timer = setInterval(this.#onTick, this.#intervalMillis);
    // In a browser a timer is a number and keeps nothing alive.
    if (typeof timer === 'object') timer.unref();
    this.#timer = timer;
  }

  /** Ends where nothing waits any more. */
  endIfIdle(): void {
    if (this.#target.size === 0) this.#end();
  }

  /** Ends for good. */
  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
