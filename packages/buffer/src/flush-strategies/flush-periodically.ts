import { checkTimerMillis } from '@spillway/core';

import {
  DEFAULT_INTERVAL_MILLIS,
  Flusher,
  type FlushStrategy,
  type FlushStrategyOptions,
  type FlushTarget,
} from './flush-strategy.ts';
import { WaitingTimer } from './waiting-timer.ts';

export interface FlushPeriodicallyOptions extends FlushStrategyOptions {
  /** Time between two flushes, in milliseconds, 1 and up. @defaultValue 100: what a person takes for at once */
  readonly intervalMillis?: number;
}

/** Flushes by an interval, while something waits: few large writes, for clients that are many or far away. */
export function flushPeriodically(buffer: FlushTarget, options: FlushPeriodicallyOptions = {}): FlushStrategy {
  const flusher = new Flusher(buffer, options, ['intervalMillis']);
  const intervalMillis = checkTimerMillis('intervalMillis', options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS, 1);
  const timer: WaitingTimer = new WaitingTimer(buffer, intervalMillis, () => flusher.flush(() => timer.endIfIdle()));
  return {
    onEnqueue: () => timer.begin(),
    close: () => timer.close(),
  };
}
