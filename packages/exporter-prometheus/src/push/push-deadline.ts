import { MAX_TIMER_MILLIS } from '@spillway/core';

/** A time budget as a caller gave it. Run time never throws: what is no budget becomes the default. */
export function readMillis(value: unknown, fallback: number): number {
  return typeof value === 'number' && value >= 0 ? value : fallback;
}

/** Waits for `work`, but no longer than `millis`. Its timer keeps the process alive, because somebody waits for it. */
export async function within(millis: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(millis, MAX_TIMER_MILLIS));
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
