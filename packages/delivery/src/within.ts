import { MAX_TIMER_MILLIS } from '@spillway/core';

/**
 * Waits for `work`, but no longer than `millis`. Its timer keeps the process alive, because somebody waits for it, and
 * is gone when the wait is. Never rejects: what `work` rejects with is its owner's business.
 */
export async function within(millis: number, work: Promise<unknown>): Promise<void> {
  if (!(millis > 0)) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(millis, MAX_TIMER_MILLIS));
  });
  try {
    await Promise.race([work, timeout]);
  } catch {
    // Over is over, whether well or not.
  } finally {
    clearTimeout(timer);
  }
}
