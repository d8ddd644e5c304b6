import { checkNumber, checkOptions, checkTimerMillis, MAX_TIMER_MILLIS } from '@spillway/core';

/** Says how long to wait between two calls. Pure: the random number is an argument. */
export interface BackoffSchedule {
  /**
   * The wait in milliseconds.
   *
   * @param attempt 1 for the wait after the first failed call, 2 after the second, and so on.
   * @param random A random number from 0 up to, but without, 1.
   */
  delayMillis(attempt: number, random: number): number;
}

export interface ExponentialBackoffOptions {
  /**
   * The first step in milliseconds, 1 to 2^31-1.
   * @defaultValue 1000: what a restarted backend needs at least. Less only where a caller waits for the answer.
   */
  readonly initialDelayMillis?: number;
  /**
   * What each step is multiplied by to get the next one, 1 and up; 1 gives equal steps.
   * @defaultValue 2
   */
  readonly factor?: number;
  /**
   * The longest step in milliseconds, 1 to 2^31-1; it wins over `initialDelayMillis`.
   * @defaultValue 30000: an outage of an hour costs 240 calls, and its end is noticed within half a minute.
   */
  readonly maxDelayMillis?: number;
  /**
   * Replaces full jitter: the wait is the step plus a random part from 0 to this many milliseconds; 0 is no jitter.
   * Set it where a wait must not be shorter than its step, and where few clients share the backend.
   * @defaultValue full jitter: the wait is a random part of the step, from 0 to all of it.
   */
  readonly additiveJitterMillis?: number;
}

export const DEFAULT_INITIAL_DELAY_MILLIS = 1000;

/**
 * Steps that grow by a factor up to a cap, with full jitter: a thousand clients that failed in the same moment
 * come back spread evenly over the step.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("Full Jitter", read 2026-11-21)
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): BackoffSchedule {
  checkOptions(options);
  const initial = checkTimerMillis('initialDelayMillis', options.initialDelayMillis ?? DEFAULT_INITIAL_DELAY_MILLIS, 1);
  const factor = checkNumber('factor', options.factor ?? 2, { min: 1 });
  const cap = checkTimerMillis('maxDelayMillis', options.maxDelayMillis ?? 30_000, 1);
  const step = (attempt: number): number => Math.min(initial * factor ** (attempt - 1), cap);

  if (options.additiveJitterMillis === undefined) {
    return { delayMillis: (attempt, random) => random * step(attempt) };
  }
  const jitter = checkTimerMillis('additiveJitterMillis', options.additiveJitterMillis);
  return { delayMillis: (attempt, random) => Math.min(step(attempt) + random * jitter, MAX_TIMER_MILLIS) };
}

/**
 * For a caller who waits for the answer: four calls within about two seconds. The first call is made at once, the
 * following ones 100 to 150, 400 to 450 and 1600 to 1650 ms after the failure before them. Goes with `maxAttempts: 4`.
 */
export const quickBackoff: BackoffSchedule = /* @__PURE__ */ exponentialBackoff({
  initialDelayMillis: 100,
  factor: 4,
  additiveJitterMillis: 50,
});
