import { startMacrotask } from '@spillway/core';

import { Flusher, type FlushStrategy, type FlushStrategyOptions, type FlushTarget } from './flush-strategy.ts';

/**
 * Flushes as soon as the code that enqueues pauses: one flush takes all that was enqueued in a turn of the event loop. The
 * shortest delay there is.
 */
export function flushPerEvent(buffer: FlushTarget, options: FlushStrategyOptions = {}): FlushStrategy {
  const flusher = new Flusher(buffer, options);
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const onTurn = (): void => {
    cancel = undefined;
    flusher.flush();
  };
  return {
    onEnqueue: () => {
      if (cancel === undefined && !isClosed) cancel = startMacrotask(onTurn);
    },
    close: () => {
      isClosed = true;
      cancel?.();
    },
  };
}
