import type { PushedEntry } from './push-request.ts';
import type { StreamLabels } from './stream-labels.ts';

/** One reading of both clocks. */
export interface Instant {
  /** Wall clock, nanoseconds since 1970. */
  readonly wallNanos: bigint;
  /** Monotonic clock, milliseconds. */
  readonly monotonicMillis: number;
}

/** A line that passed the distributor, with its metadata as they are stored. */
export interface AcceptedEntry extends PushedEntry {
  /** What rate limits count: line and metadata, without `detected_level`. */
  readonly bytes: number;
}

/** A stream that passed the distributor. */
export interface AcceptedStream {
  readonly labels: StreamLabels;
  readonly entries: readonly AcceptedEntry[];
}
