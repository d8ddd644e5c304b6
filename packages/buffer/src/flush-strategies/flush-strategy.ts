import { callSafely, checkFields, checkFunction, checkMethods, checkOptions } from '@spillway/core';

/** What a strategy needs of a `ClientBuffer`. */
export interface FlushTarget {
  readonly size: number;
  isHealthy(): boolean;
  /** Answers the same promise to all who ask while a flush is under way. */
  flush(): Promise<void>;
}

/** Decides when a buffer is flushed. */
export interface FlushStrategy {
  /** Something was enqueued. */
  onEnqueue(): void;
  /** Ends all timers: nothing is flushed by the strategy any more. */
  close(): void;
}

export interface FlushStrategyOptions {
  /**
   * Called with what a flush rejects with. Its item is still the first one: the next flush tries it again.
   * @defaultValue nothing is called
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export const DEFAULT_INTERVAL_MILLIS = 100;

/** Flushes a buffer for a strategy, and tells of what goes wrong. */
export class Flusher {
  readonly #target: FlushTarget;
  readonly #onError: ((error: unknown) => void) | undefined;
  #flushed: Promise<void> | undefined;

  /** @throws TypeError where the buffer is none, or an option is wrong or none of `fields`. */
  constructor(target: FlushTarget, options: FlushStrategyOptions, fields: readonly string[] = []) {
    checkMethods('buffer', target, ['flush', 'isHealthy']);
    checkOptions(options);
    checkFields('', options, ['onError', ...fields]);
    checkFunction('onError', options.onError);
    this.#target = target;
    this.#onError = options.onError;
  }

  /**
   * Flushes. Each flush of the buffer is waited for once, however often it is asked for: a client that does not read for hours
   * would gather one who waits for each item.
   *
   * @param onFlushed called when a flush is over, however it ends
   */
  flush(onFlushed: () => void = ignore): void {
    const flushed = this.#target.flush();
    if (flushed === this.#flushed) return;
    this.#flushed = flushed;
    flushed.then(onFlushed, (error: unknown) => {
      this.tell(error);
      onFlushed();
    });
  }

  /** Tells of an error. What the listener throws is ignored. */
  tell(error: unknown): void {
    callSafely(() => this.#onError?.(error), ignore);
  }
}

const ignore = (): void => {};
