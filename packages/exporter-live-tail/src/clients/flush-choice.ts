import {
  flushAdaptively,
  flushEvery,
  flushPerEvent,
  flushPeriodically,
  type FlushStrategy,
  type FlushTarget,
} from '@spillway/buffer';

export type FlushKind = 'per-event' | 'periodic' | 'every' | 'adaptive';

export const FLUSH_KINDS: readonly FlushKind[] = ['per-event', 'periodic', 'every', 'adaptive'];

/** What an adaptive flush asks of the source. */
interface Pausing {
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Makes the strategy of a client's buffer. */
export function chooseFlush(kind: FlushKind, buffer: FlushTarget, source: Pausing): FlushStrategy {
  switch (kind) {
    case 'periodic':
      return flushPeriodically(buffer);
    case 'every':
      return flushEvery(buffer);
    case 'adaptive':
      return flushAdaptively(buffer, source);
    default:
      return flushPerEvent(buffer);
  }
}
