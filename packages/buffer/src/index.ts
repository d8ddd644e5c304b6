export {
  BoundedQueue,
  type BoundedQueueOptions,
  OVERFLOW_POLICIES,
  type OverflowPolicy,
  type QueueBounds,
} from './bounded-queue.ts';
export {
  type BackpressureListener,
  ClientBuffer,
  type ClientBufferMetrics,
  type ClientBufferOptions,
  type SendItem,
} from './client-buffer.ts';
export { flushAdaptively, type FlushAdaptivelyOptions } from './flush-strategies/flush-adaptively.ts';
export { flushEvery, type FlushEveryOptions } from './flush-strategies/flush-every.ts';
export { flushPerEvent } from './flush-strategies/flush-per-event.ts';
export { flushPeriodically, type FlushPeriodicallyOptions } from './flush-strategies/flush-periodically.ts';
export type { FlushStrategy, FlushStrategyOptions, FlushTarget } from './flush-strategies/flush-strategy.ts';
export { RingBuffer } from './ring-buffer.ts';
