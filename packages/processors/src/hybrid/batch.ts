import type { QueuedLogRecord } from './queued-log-record.ts';

/** Records that are handed to an exporter together, again if need be: the same records in the same order each time. */
export interface Batch {
  readonly records: readonly QueuedLogRecord[];
  /** Place among all batches, in the order they left the queue. */
  readonly order: number;
  /** Lane it belongs to. An immediate batch that failed belongs to the batch lane from then on. */
  lane: 'immediate' | 'batch';
  /** Whether it came from the immediate lane and failed there. */
  isFallback: boolean;
  /** Calls of the exporter for it, in the lane it belongs to. */
  attempts: number;
}
