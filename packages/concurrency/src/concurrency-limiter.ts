import { checkInteger, checkOptions } from '@spillway/core';
import { LimiterClosedError, QueueFullError } from './errors.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface ConcurrencyLimiterOptions {
  /**
   * How many functions may wait for a slot, 0 and up, `Infinity` for no bound. One more is rejected with a
   * `QueueFullError`. A waiter costs about 0.9 KiB (Node 24.21), besides what its function holds.
   * @defaultValue 100000: never met where a bounded queue stands in front; where none does, it ends a flood at about
   * 85 MiB. Lower it to what may be lost when the process ends.
   */
  readonly maxQueueSize?: number;
}

export interface RunOptions {
  /** Ends the wait for a slot: `run` rejects with `signal.reason` at once. A function that runs is not affected. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets at most `limit` functions run at the same time; the others wait and start in the order they came.
 *
 * A function starts in the same turn where a slot is free. One that waited runs in the `AsyncLocalStorage` context of
 * its own `run` call, not in that of the function whose slot it got.
 */
export class ConcurrencyLimiter {
  readonly #maxQueueSize: number;
  readonly #waitingRoom = new WaitingRoom();
  #limit: number;
  #activeCount = 0;
  #closed: LimiterClosedError | undefined;
  #onIdle: (() => void)[] = [];

  /** @param limit How many functions may run at once, 1 and up, `Infinity` for no limit. */
  constructor(limit: number, options: ConcurrencyLimiterOptions = {}) {
    checkOptions(options);
    const { maxQueueSize = 100_000 } = options;
    this.#limit = checkLimit(limit);
    this.#maxQueueSize = checkInteger('maxQueueSize', maxQueueSize, { max: Infinity });
  }

  /** How many functions may run at once. Raising it starts waiters at once; lowering it lets running functions end. */
  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = checkLimit(limit);
    this.#admitWaiters();
  }

  /** How many functions run. */
  get activeCount(): number {
    return this.#activeCount;
  }

  /** How many functions wait for a slot. */
  get pendingCount(): number {
    return this.#waitingRoom.size;
  }

  /**
   * Calls `fn` as soon as a slot is free and answers what it answers. Rejects without calling it when the signal is
   * aborted before, when the waiting room is full (`QueueFullError`) and when the limiter is closed
   * (`LimiterClosedError`).
   */
  async run<T>(fn: () => T | Promise<T>, { signal }: RunOptions = {}): Promise<T> {
    signal?.throwIfAborted();
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#activeCount < this.#limit) this.#activeCount += 1;
    else await this.#waitForSlot(signal);
    try {
      // The signal may have been aborted between being given the slot and this turn.
      signal?.throwIfAborted();
      return await fn();
    } finally {
      this.#activeCount -= 1;
      this.#admitWaiters();
    }
  }

  /** Resolves when nothing runs and nothing waits, which may be now. */
  async onIdle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /**
   * Rejects every waiter and every later `run` with a `LimiterClosedError`. Functions that run go on: await `onIdle()`
   * for their end. A second call changes nothing.
   */
  close(reason?: unknown): void {
    if (this.#closed !== undefined) return;
    this.#closed = new LimiterClosedError(
      'The concurrency limiter is closed.',
      reason === undefined ? {} : { cause: reason },
    );
    this.#waitingRoom.rejectAll(this.#closed);
  }

  #waitForSlot(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waitingRoom.size >= this.#maxQueueSize) {
      throw new QueueFullError(`${this.#maxQueueSize} functions wait already.`);
    }
    return this.#waitingRoom.enter(signal);
  }

  /** Counts a waiter as active when it is admitted, not when it runs, so that nobody overtakes it in between. */
  #admitWaiters(): void {
    while (this.#activeCount < this.#limit && this.#waitingRoom.size > 0) {
      this.#activeCount += 1;
      this.#waitingRoom.admitNext();
    }
    if (!this.#isIdle()) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #isIdle(): boolean {
    return this.#activeCount === 0 && this.#waitingRoom.size === 0;
  }
}

function checkLimit(limit: number): number {
  return checkInteger('limit', limit, { min: 1, max: Infinity });
}
