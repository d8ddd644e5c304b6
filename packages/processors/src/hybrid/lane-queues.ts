import { BoundedQueue, type OverflowPolicy } from '@spillway/buffer';

import type { QueuedLogRecord } from './queued-log-record.ts';

/** Room that is kept for the batch lane, in records: 70 KiB. */
const MAX_KEPT_CAPACITY = 4096;

export interface LaneQueuesOptions {
  /** Records of both lanes together, at most. */
  readonly maxSize: number;
  /** Estimated bytes of both lanes together, at most. */
  readonly maxBytes: number;
  readonly overflow: OverflowPolicy;
  /** Records of one export: what the batch lane holds in ordinary cycles. */
  readonly batchSize: number;
  /** Called for each record that had to give way; it must not throw. */
  readonly onEvict: (record: QueuedLogRecord) => void;
}

/**
 * The records that wait, in two lanes under one bound. The immediate lane may take all of it: what it takes is what the
 * batch lane is allowed less, so that the batch lane gives way first.
 */
export class LaneQueues {
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #immediate: BoundedQueue<QueuedLogRecord>;
  readonly #batch: BoundedQueue<QueuedLogRecord>;

  constructor({ maxSize, maxBytes, overflow, batchSize, onEvict }: LaneQueuesOptions) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
    this.#immediate = new BoundedQueue({ maxSize, maxBytes, overflow, onDrop: onEvict });
    // A batch, and as much as comes before it is taken.
    const minCapacity = Math.min(2 * batchSize, MAX_KEPT_CAPACITY);
    this.#batch = new BoundedQueue({ maxSize, maxBytes, overflow, onDrop: onEvict, minCapacity });
  }

  /** Records that wait in the immediate lane. */
  get immediateSize(): number {
    return this.#immediate.size;
  }

  /** Records that wait in the batch lane. */
  get batchSize(): number {
    return this.#batch.size;
  }

  get size(): number {
    return this.#immediate.size + this.#batch.size;
  }

  get bytes(): number {
    return this.#immediate.bytes + this.#batch.bytes;
  }

  /** How full the lanes are, 0 to 1, by count or by bytes, whichever is more. */
  get pressure(): number {
    return Math.max(this.size / this.#maxSize, this.bytes / this.#maxBytes);
  }

  /** Adds the newest record of its lane; others or the record itself are evicted where there is no room. */
  push(record: QueuedLogRecord): void {
    (record.isImmediate ? this.#immediate : this.#batch).push(record, record.bytes, severityOf(record));
    if (record.isImmediate) this.#divide();
  }

  /** The oldest record of a lane. */
  peek(isImmediate: boolean): QueuedLogRecord | undefined {
    return (isImmediate ? this.#immediate : this.#batch).peek();
  }

  /**
   * Takes the oldest records of a lane: up to a count, up to the record that reaches `enoughBytes`, and as far as they
   * are accepted.
   */
  take(
    isImmediate: boolean,
    maxCount: number,
    enoughBytes: number,
    accepts: (record: QueuedLogRecord) => boolean,
  ): QueuedLogRecord[] {
    const queue = isImmediate ? this.#immediate : this.#batch;
    const bytesBefore = queue.bytes;
    const records: QueuedLogRecord[] = [];
    while (records.length < maxCount && bytesBefore - queue.bytes < enoughBytes) {
      const record = queue.shift();
      if (record === undefined) break;
      if (!accepts(record)) {
        queue.unshift(record, record.bytes, severityOf(record));
        break;
      }
      records.push(record);
    }
    if (isImmediate) this.#divide();
    return records;
  }

  #divide(): void {
    this.#batch.resize({
      maxSize: this.#maxSize - this.#immediate.size,
      maxBytes: this.#maxBytes - this.#immediate.bytes,
    });
  }
}

/** A record may be anybody's object; what is no number is no severity. */
function severityOf({ severityNumber }: QueuedLogRecord): number | undefined {
  return typeof severityNumber === 'number' ? severityNumber : undefined;
}
