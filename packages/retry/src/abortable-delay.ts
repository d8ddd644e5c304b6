import { startTimer } from './timer.ts';

/**
 * Resolves after `millis`, or rejects with `signal.reason` as soon as the signal is aborted.
 *
 * The timer does not keep the process alive. A delay above 2^31-1 ms (24.8 days) is cut to that:
 * a timer would fire after 1 ms instead.
 */
export function abortableDelay(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancelTimer();
      reject(signal?.reason);
    };
    const cancelTimer = startTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, millis);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
