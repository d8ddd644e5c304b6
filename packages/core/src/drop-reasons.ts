const REASONS = [
  'sampled',
  'burst',
  'evicted',
  'expired',
  'queue_full',
  'rejected',
  'too_large',
  'invalid',
  'outbox_full',
  'retry_exhausted',
  'suppressed',
  'disabled',
  'shutdown',
] as const;

/**
 * Why a record did not get through. The list is closed: a drop without one of these reasons is a bug.
 *
 * - `sampled`: a sampling decision
 * - `burst`: over the rate of its key
 * - `evicted`: pushed out of a flight recorder or client buffer
 * - `expired`: too old, or an answer did not come in time
 * - `queue_full`: the queue of records was full
 * - `rejected`: the backend refused it for good
 * - `too_large`: over a limit of size that cannot be repaired
 * - `invalid`: cannot be encoded at all
 * - `outbox_full`: the store of encoded payloads was full
 * - `retry_exhausted`: every attempt allowed has failed
 * - `suppressed`: caused by our own sending
 * - `disabled`: no destination is configured
 * - `shutdown`: still held when the component was shut down
 */
export type DropReason = (typeof REASONS)[number];

/** All reasons, in the order of a record's path. */
export const DROP_REASONS: readonly DropReason[] = REASONS;

/** What `onDrop` is told: how many records were dropped together, and why. */
export interface Drop {
  /** Number of records, at least 1. */
  readonly count: number;
  /** Why they were dropped. */
  readonly reason: DropReason;
  /** What went wrong, where an error caused the drop. Its message never holds a body, a header or a secret. */
  readonly error?: Error;
}
