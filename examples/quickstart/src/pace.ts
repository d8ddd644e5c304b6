import { setTimeout as delay } from 'node:timers/promises';

/** How often the pace is checked: short enough for a smooth flow, long enough to cost nothing. */
const TICK_MILLIS = 10;

/** Calls `step` `rate` times per second until it answers false or the signal ends it. */
export async function pace(rate: number, signal: AbortSignal, step: () => boolean): Promise<void> {
  const startedAt = performance.now();
  for (let steps = 0; !signal.aborted;) {
    const due = ((performance.now() - startedAt) / 1000) * rate;
    for (; steps < due; steps += 1) if (!step()) return;
    await pause(TICK_MILLIS, signal);
  }
}

/** Waits; shorter, and without an error, if the signal ends it. */
export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(millis, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
