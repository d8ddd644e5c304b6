import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** A record with these fields, and nothing else. */
export function logRecord(fields: object = {}): ReadableLogRecord {
  return fields as unknown as ReadableLogRecord;
}
