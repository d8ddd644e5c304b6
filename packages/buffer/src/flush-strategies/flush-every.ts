import { checkInteger, checkTimerMillis } from '@spillway/core';

import type { FlushPeriodicallyOptions } from './flush-periodically.ts';
import { DEFAULT_INTERVAL_MILLIS, Flusher, type FlushStrategy, type FlushTarget } from './flush-strategy.ts';
import { WaitingTimer } from './waiting-timer.ts';

export interface FlushEveryOptions extends FlushPeriodicallyOptions {
  /** Flushes after so many items, 1 and up. @defaultValue 10 */
  readonly count?: number;
}

const DEFAULT_COUNT = 10;

/** Flushes after every so many items, and what is less than that by the interval, so that nothing waits for ever. */
export function flushEvery(buffer: FlushTarget, options: FlushEveryOptions = {}): FlushStrategy {
  const flusher = new Flusher(buffer, options, ['count', 'intervalMillis']);
  const count = checkInteger('count', options.count ?? DEFAULT_COUNT, { min: 1 });
  const intervalMillis = checkTimerMillis('intervalMillis', options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS, 1);
  let enqueued = 0;
  let isClosed = false;
  const onFlushed = (): void => (buffer.size > 0 ? timer.begin() : timer.endIfIdle());
  const flush = (): void => {
    enqueued = 0;
    flusher.flush(onFlushed);
  };
  const timer = new WaitingTimer(buffer, intervalMillis, flush);
  return {
    onEnqueue: () => {
      if (isClosed) return;
      enqueued += 1;
      if (enqueued < count) timer.begin();
      else flush();
    },
    close: () => {
      isClosed = true;
      timer.close();
    },
  };
}
