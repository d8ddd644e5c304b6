import type { PlainValue } from '@spillway/core';

/** What is kept of a record, to show what an incident is about. Plain data, cut to a size that is safe to hold. */
export interface RecordSample {
  /** The record's own time, in milliseconds since the epoch. */
  readonly timeMillis: number;
  readonly severityNumber: number;
  readonly eventName?: string;
  readonly body?: PlainValue;
  readonly attributes?: { readonly [key: string]: PlainValue };
  readonly scope?: string;
  readonly traceId?: string;
  readonly spanId?: string;
}
