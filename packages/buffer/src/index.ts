export {
  BoundedQueue,
  type BoundedQueueOptions,
  OVERFLOW_POLICIES,
  type OverflowPolicy,
  type QueueBounds,
} from './bounded-queue.ts';
export { RingBuffer } from './ring-buffer.ts';
