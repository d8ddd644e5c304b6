import { callSafely, checkFunction, checkTimerMillis } from '@spillway/core';

import type { FlushPeriodicallyOptions } from './flush-periodically.ts';
import { DEFAULT_INTERVAL_MILLIS, Flusher, type FlushStrategy, type FlushTarget } from './flush-strategy.ts';
import { WaitingTimer } from './waiting-timer.ts';

export interface FlushAdaptivelyOptions extends FlushPeriodicallyOptions {
  /** Asks the source to send no more, because the buffer is not healthy. What it throws is told to `onError`. */
  readonly pause: () => void;
  /** Asks the source to go on, because the buffer is healthy again, or the strategy was closed. */
  readonly resume: () => void;
}

/**
 * Flushes by an interval, and at once where the buffer is no longer healthy; the source is paused until it is healthy again.
 * For sources that can wait, and clients on unsteady networks.
 */
export function flushAdaptively(buffer: FlushTarget, options: FlushAdaptivelyOptions): FlushStrategy {
  const flusher = new Flusher(buffer, options, ['intervalMillis', 'pause', 'resume']);
  const { pause, resume } = options;
  checkFunction('pause', pause, false);
  checkFunction('resume', resume, false);
  const intervalMillis = checkTimerMillis('intervalMillis', options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS, 1);
  let isPaused = false;
  let isClosed = false;
  const tell = (wants: boolean): void => {
    if (isPaused === wants) return;
    isPaused = wants;
    callSafely(wants ? pause : resume, (error) => flusher.tell(error));
  };
  const resumeIfHealthy = (): void => {
    if (!isClosed && buffer.isHealthy()) tell(false);
  };
  const onFlushed = (): void => {
    resumeIfHealthy();
    timer.endIfIdle();
  };
  // A flush that takes long brings health back before it ends.
  const timer = new WaitingTimer(buffer, intervalMillis, () => {
    resumeIfHealthy();
    flusher.flush(onFlushed);
  });
  return {
    onEnqueue: () => {
      if (isClosed) return;
      timer.begin();
      if (buffer.isHealthy()) return;
      tell(true);
      flusher.flush(onFlushed);
    },
    close: () => {
      isClosed = true;
      timer.close();
      tell(false);
    },
  };
}
