import { MAX_TIMER_MILLIS } from '@spillway/core';
import { type BackoffSchedule, DEFAULT_INITIAL_DELAY_MILLIS } from './backoff.ts';
import { MAX_RETRY_AFTER_MILLIS } from './retry-after.ts';

export interface NextDelayArguments {
  /** How many calls have failed so far, from 1. */
  readonly attempt: number;
  readonly backoff: BackoffSchedule;
  /** A random number from 0 up to, but without, 1. */
  readonly random: number;
  /** What the backend asked for, in milliseconds; anything but a positive number is no hint. */
  readonly hintMillis?: number | undefined;
  /** The longest hint that is honoured. @defaultValue 300000 (5 min) */
  readonly maxHintMillis?: number | undefined;
}

/**
 * The wait before the next call: the backoff or the backend's hint, whichever is longer, and never above 2^31-1 ms.
 * A hint never shortens the backoff.
 */
export function nextDelayMillis(arguments_: NextDelayArguments): number {
  const { attempt, backoff, random, hintMillis = 0, maxHintMillis = MAX_RETRY_AFTER_MILLIS } = arguments_;
  const step = backoff.delayMillis(attempt, random);
  // A schedule that answers NaN or less than 0 has a bug, which must not turn into calls without a pause.
  const wait = step >= 0 ? step : DEFAULT_INITIAL_DELAY_MILLIS;
  const hint = hintMillis > 0 ? Math.min(hintMillis, maxHintMillis) : 0;
  return Math.min(Math.max(wait, hint), MAX_TIMER_MILLIS);
}
