import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Heap that a held record costs besides its texts: the snapshot, its times and its attribute table. */
const RECORD_BYTES = 256;
const VALUE_BYTES = 16;

/** How deep and how far a value is walked: beyond that an estimate is not worth its time. */
const MAX_DEPTH = 4;
const MAX_ENTRIES = 256;

/**
 * Estimates the memory that a held record costs, in bytes, for bounds only.
 * Texts count one byte a UTF-16 unit, as V8 stores Latin-1 text. Never throws.
 */
export function estimateRecordBytes(record: Pick<ReadableLogRecord, 'body' | 'attributes'>): number {
  try {
    const { body } = record;
    let bytes = RECORD_BYTES + (typeof body === 'string' ? body.length : estimateValueBytes(body, 0));
    const { attributes } = record;
    for (const key in attributes) {
      const value = attributes[key];
      bytes += key.length + VALUE_BYTES;
      if (typeof value === 'string') bytes += value.length;
      else if (typeof value === 'object') bytes += estimateValueBytes(value, 0);
    }
    return bytes;
  } catch {
    // A getter or proxy of the application threw; the encoder will deal with it, here a record is a record.
    return RECORD_BYTES;
  }
}

function estimateValueBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + VALUE_BYTES;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (ArrayBuffer.isView(value)) return value.byteLength + VALUE_BYTES;
  if (depth >= MAX_DEPTH) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  let entries = 0;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_ENTRIES)) bytes += estimateValueBytes(item, depth + 1);
    return bytes + VALUE_BYTES * Math.max(0, value.length - MAX_ENTRIES);
  }
  for (const key in value) {
    entries += 1;
    if (entries > MAX_ENTRIES) break;
    bytes += key.length + estimateValueBytes((value as Record<string, unknown>)[key], depth + 1);
  }
  return bytes;
}
