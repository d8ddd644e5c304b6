import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Heap that a held record costs besides its texts: the snapshot, its times and its attribute table. */
const RECORD_BYTES = 256;
const VALUE_BYTES = 16;

/** How deep and how far a body or an attribute is walked: beyond that an estimate is not worth its time. */
const MAX_DEPTH = 4;
const MAX_PARTS = 1024;

interface Walk {
  /** Shared by all levels: 1,024 parts on each of four would be a trillion. */
  partsLeft: number;
}

/**
 * Estimates the memory that a held record costs, in bytes, for bounds only.
 * Texts count one byte a UTF-16 unit, as V8 stores Latin-1 text. Never throws.
 */
export function estimateRecordBytes(record: Pick<ReadableLogRecord, 'body' | 'attributes'>): number {
  try {
    const { body, attributes } = record;
    let bytes = RECORD_BYTES + (typeof body === 'string' ? body.length : estimateObjectBytes(body));
    for (const key in attributes) {
      const value = attributes[key];
      bytes += key.length + VALUE_BYTES;
      if (typeof value === 'string') bytes += value.length;
      else if (typeof value === 'object') bytes += estimateObjectBytes(value);
    }
    // An object may lie about its length, and one NaN would spoil the sum that it is added to.
    return Number.isSafeInteger(bytes) && bytes > RECORD_BYTES ? bytes : RECORD_BYTES;
  } catch {
    // A getter or proxy of the application threw; the encoder will deal with it, here a record is a record.
    return RECORD_BYTES;
  }
}

function estimateObjectBytes(value: unknown): number {
  return estimateValueBytes(value, 0, { partsLeft: MAX_PARTS });
}

function estimateValueBytes(value: unknown, depth: number, walk: Walk): number {
  if (typeof value === 'string') return value.length + VALUE_BYTES;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (ArrayBuffer.isView(value)) return value.byteLength + VALUE_BYTES;
  if (depth >= MAX_DEPTH) return VALUE_BYTES;
  return VALUE_BYTES + (Array.isArray(value) ? estimateList(value, depth, walk) : estimateEntries(value, depth, walk));
}

function estimateList(list: readonly unknown[], depth: number, walk: Walk): number {
  let bytes = 0;
  let index = 0;
  for (; index < list.length && walk.partsLeft > 0; index += 1) {
    walk.partsLeft -= 1;
    bytes += estimateValueBytes(list[index], depth + 1, walk);
  }
  return bytes + VALUE_BYTES * (list.length - index);
}

function estimateEntries(value: object, depth: number, walk: Walk): number {
  let bytes = 0;
  for (const key in value) {
    if (walk.partsLeft <= 0) break;
    walk.partsLeft -= 1;
    bytes += key.length + estimateValueBytes((value as Record<string, unknown>)[key], depth + 1, walk);
  }
  return bytes;
}
