import { MAX_TIMER_MILLIS } from '@spillway/core';

/**
 * Starts a timer that does not keep the process alive, and returns the function that cancels it.
 *
 * A fraction is rounded up, since Node would round it down and fire before the time is over.
 * `setTimeout` is looked up at each call: kept in a variable it could not be replaced by fake timers.
 */
export function startTimer(callback: () => void, millis: number): () => void {
  const timer: { unref?: () => void } | number = setTimeout(callback, Math.min(Math.ceil(millis), MAX_TIMER_MILLIS));
  // In a browser a timer is a number and keeps nothing alive.
  if (typeof timer === 'object') timer.unref?.();
  return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
}
