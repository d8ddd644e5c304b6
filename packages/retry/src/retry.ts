import { checkFunction, checkInteger, checkMethods, checkNumber, checkOptions, checkTimerMillis } from '@spillway/core';
import { abortableDelay } from './abortable-delay.ts';
import { type BackoffSchedule, exponentialBackoff } from './backoff.ts';
import { nextDelayMillis } from './next-delay.ts';
import { MAX_RETRY_AFTER_MILLIS } from './retry-after.ts';
import { isRetryableError } from './retryable-error.ts';
import { TimeoutError } from './timeout-error.ts';
import { startTimer } from './timer.ts';

/** What each call of the operation gets. */
export interface AttemptContext {
  /** 1 for the first call. */
  readonly attempt: number;
  /** Aborted when the caller aborts and when the total deadline passes; the same signal for all calls. */
  readonly signal: AbortSignal;
}

export interface RetryOptions {
  /**
   * How many calls are made at most, the first one included; 1 and up, `Infinity` for no limit.
   * @defaultValue 4: with the default backoff at most 7 s of waiting, which outlives a restart but no outage. To outlive
   * an outage hold the data and set `Infinity`.
   */
  readonly maxAttempts?: number;
  /** How long to wait between calls. @defaultValue `exponentialBackoff()`: full jitter, 1 s, doubled, at most 30 s. */
  readonly backoff?: BackoffSchedule;
  /**
   * Milliseconds from the start until the operation's signal is aborted and `retry` rejects, waits included; 0 and up.
   * A wait that would not end before is not begun: `retry` rejects at once with the last error.
   * @defaultValue `Infinity`: no deadline. Set it wherever somebody waits for the result.
   */
  readonly totalTimeoutMillis?: number;
  /**
   * The longest wait that a `RetryableError` can ask for by its `retryAfterMillis`; 0 to 2^31-1 ms, 0 ignores hints.
   * @defaultValue 300000 (5 min)
   */
  readonly maxRetryAfterMillis?: number;
  /** Ends a wait and rejects with `signal.reason` at once. The operation's signal is aborted with the same reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether an error is worth another call. @defaultValue `isRetryableError`: nothing else is retried. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Source of jitter, 0 up to 1. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Monotonic clock in milliseconds. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/**
 * Calls the operation until it succeeds, fails for good, or time is up. The promise is settled at the deadline and when
 * the caller aborts even if the operation ignores its signal; what such a call still does is then not observed.
 *
 * Rejects with the last error of the operation, with `signal.reason` when the caller aborts, or with a `TimeoutError`
 * when the deadline passes during a call.
 */
export async function retry<T>(
  operation: (context: AttemptContext) => T | Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { maxAttempts, backoff, totalTimeoutMillis, maxHintMillis, isRetryable, random, now } = readOptions(options);
  options.signal?.throwIfAborted();

  const deadline = now() + totalTimeoutMillis;
  let lastError: unknown;
  const { signal, release } = openScope(options.signal, totalTimeoutMillis, () => lastError);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await untilAborted(operation, { attempt, signal });
      } catch (error) {
        signal.throwIfAborted();
        lastError = error;
        if (attempt >= maxAttempts || !isRetryable(error)) throw error;
        const hintMillis = isRetryableError(error) ? error.retryAfterMillis : undefined;
        const delayMillis = nextDelayMillis({ attempt, backoff, random: random(), hintMillis, maxHintMillis });
        if (now() + delayMillis >= deadline) throw error;
        await abortableDelay(delayMillis, signal);
      }
    }
  } finally {
    release();
  }
}

function readOptions(options: RetryOptions) {
  checkOptions(options);
  const {
    maxAttempts = 4,
    backoff = exponentialBackoff(),
    totalTimeoutMillis = Infinity,
    maxRetryAfterMillis = MAX_RETRY_AFTER_MILLIS,
    isRetryable = isRetryableError,
    random = Math.random,
    now = () => performance.now(),
  } = options;
  checkMethods('backoff', backoff, ['delayMillis']);
  checkFunction('isRetryable', isRetryable);
  checkFunction('random', random);
  checkFunction('now', now);
  return {
    maxAttempts: checkInteger('maxAttempts', maxAttempts, { min: 1, max: Infinity }),
    totalTimeoutMillis: checkNumber('totalTimeoutMillis', totalTimeoutMillis, { max: Infinity }),
    maxHintMillis: checkTimerMillis('maxRetryAfterMillis', maxRetryAfterMillis),
    backoff,
    isRetryable,
    random,
    now,
  };
}

/**
 * One signal for all calls, aborted by the caller's signal and at the deadline. `release` removes the timer and the
 * listener: a caller's signal may live as long as the process.
 */
function openScope(callerSignal: AbortSignal | undefined, timeoutMillis: number, lastError: () => unknown) {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(callerSignal?.reason);
  callerSignal?.addEventListener('abort', onAbort, { once: true });
  const onDeadline = (): void =>
    controller.abort(new TimeoutError(`Not done within ${timeoutMillis} ms.`, { cause: lastError() }));
  const cancelTimer = timeoutMillis === Infinity ? undefined : startTimer(onDeadline, timeoutMillis);
  const release = (): void => {
    cancelTimer?.();
    callerSignal?.removeEventListener('abort', onAbort);
  };
  return { signal: controller.signal, release };
}

/** The result of the operation, or a rejection with `signal.reason` as soon as the signal is aborted. */
function untilAborted<T>(operation: (context: AttemptContext) => T | Promise<T>, context: AttemptContext): Promise<T> {
  const { signal } = context;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    // Not `Promise.race` with one promise of the abort: that would keep a reaction of every call until the last one.
    call(operation, context)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Begins the call at once and turns a synchronous throw into a rejection. */
async function call<T>(operation: (context: AttemptContext) => T | Promise<T>, context: AttemptContext): Promise<T> {
  return operation(context);
}
