import { estimateRecordBytes, LogRecordSnapshot } from '@spillway/core';
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import type { Generation } from './flush-generations.ts';

/** A record in our keeping: the values it had when it was emitted, and what the queue must know about it. */
export class QueuedLogRecord extends LogRecordSnapshot {
  /** Estimated memory it holds. */
  readonly bytes: number;
  /** Whether it goes to the immediate lane. */
  readonly isImmediate: boolean;
  /** Set when it enters the queue. */
  generation: Generation | undefined;

  constructor(
    record: ReadWriteLogRecord,
    isImmediate: boolean,
    copyBody: boolean,
    attributes?: ReadWriteLogRecord['attributes'],
  ) {
    super(record, copyBody, attributes);
    this.bytes = estimateRecordBytes(this);
    this.isImmediate = isImmediate;
    this.generation = undefined;
  }
}
