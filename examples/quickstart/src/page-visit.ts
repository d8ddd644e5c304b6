import { pause } from './pace.ts';

const INTERVAL_MILLIS = 50;

/** Resolves when somebody is there, when the time is over, or when the signal ends it. */
export async function awaitVisit(countVisitors: () => number, waitMillis: number, signal: AbortSignal): Promise<void> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(waitMillis)]);
  while (countVisitors() === 0 && !ending.aborted) await pause(INTERVAL_MILLIS, ending);
}
