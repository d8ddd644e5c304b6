import type { DelegateOperation } from '../decorator/delegate.ts';
import type { DescribedError } from '../decorator/described-error.ts';
import type { LogRecordEssentials } from './record-essentials.ts';

/** A call that went wrong in a delegate: a plain object, safe to keep, to send and to print. */
export interface FanOutError {
  /** Position of the delegate in `delegates`. */
  readonly delegate: number;
  /** What it was asked to do. */
  readonly operation: DelegateOperation;
  /** What it threw or rejected with; a `DelegateTimeoutError` where it did not end in time. */
  readonly error: DescribedError;
  /** The record it was handed; of `onEmit` only. */
  readonly record?: LogRecordEssentials;
}
