import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { LogRecordSnapshot, toPlainValue } from '@spillway/core';

/** Attribute of records that were held in a ring and released from it. */
export const ATTR_LOG_BUFFERED = 'log.buffered';

/**
 * A record as it is now, in our keeping: the application may change the body afterwards, and processors beside this one
 * may write attributes while it is being emitted.
 */
export function holdLogRecord(record: ReadWriteLogRecord): LogRecordSnapshot {
  return new LogRecordSnapshot(record, true, { ...record.attributes });
}

/** The context for a held record: that of its emission is gone, but for the span context. */
export function contextOf({ spanContext }: LogRecordSnapshot): Context {
  return spanContext === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

/** A copy that shares nothing which can be changed with a held record, except its times, resource and scope. */
export function copyLogRecord(record: LogRecordSnapshot): ReadableLogRecord {
  const attributes = Object.entries(record.attributes).map(
    ([key, value]) => [key, typeof value === 'object' ? toPlainValue(value) : value] as const,
  );
  return new LogRecordSnapshot(record, true, Object.fromEntries(attributes));
}
