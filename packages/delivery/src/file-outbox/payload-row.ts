import { LostPayloadError } from '../outbox.ts';
import { type Payload, PAYLOAD_SCHEMA_VERSION } from '../payload.ts';

type Fields = Omit<Payload, 'body' | 'recordOffsets'>;

/** The fields of a payload as columns have them, without its bytes. */
interface FieldColumns {
  /** Texts are JSON: SQLite's are UTF-8, which has no half surrogate pairs, and end at a NUL in places. */
  readonly backend_id: string;
  readonly destination_id: string;
  readonly tenant: string | null;
  readonly content_encoding: string | null;
  readonly uncompressed_bytes: number;
  readonly record_count: number;
  readonly highest_severity: number;
  readonly oldest_time_millis: number;
  readonly taken_at_millis: number;
  readonly schema_version: number;
  /** CRC-32 of offsets and body. */
  readonly bytes_crc32: number;
}

/** A row without its bytes, which can be checked without them. */
export interface PayloadHead extends FieldColumns {
  readonly id: number;
  /** CRC-32 of the other columns and of both lengths. */
  readonly fields_crc32: number;
  readonly offsets_length: number;
  readonly body_length: number;
}

/** A row as it is written. */
export interface PayloadRow extends FieldColumns {
  readonly fields_crc32: number;
  /** Little-endian, four bytes each. */
  readonly record_offsets: Uint8Array<ArrayBuffer>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A row as it is read; of bytes that are none, null. */
export type StoredRow = PayloadHead & {
  readonly record_offsets: Uint8Array<ArrayBuffer> | null;
  readonly body: Uint8Array<ArrayBuffer> | null;
};

/** The columns of {@link FieldColumns}, in the order in which they are checked. */
const FIELD_COLUMNS = [
  'backend_id',
  'destination_id',
  'tenant',
  'content_encoding',
  'uncompressed_bytes',
  'record_count',
  'highest_severity',
  'oldest_time_millis',
  'taken_at_millis',
  'schema_version',
  'bytes_crc32',
] as const satisfies readonly (keyof FieldColumns)[];

/** Columns of a row, the bytes last: what stands before them is read without them. */
export const ROW_COLUMNS: readonly (keyof PayloadRow)[] = [...FIELD_COLUMNS, 'fields_crc32', 'record_offsets', 'body'];

/** What selects a {@link PayloadHead}. A length is known without reading the bytes. */
export const HEAD_EXPRESSIONS: string = [
  'id',
  ...FIELD_COLUMNS,
  'fields_crc32',
  'coalesce(length(record_offsets), 0) AS offsets_length',
  'coalesce(length(body), 0) AS body_length',
].join(', ');

export function rowOf(payload: Payload): PayloadRow {
  const { body, tenant, contentEncoding } = payload;
  const record_offsets = littleEndianBytes(payload.recordOffsets);
  const columns: FieldColumns = {
    backend_id: JSON.stringify(payload.backendId),
    destination_id: JSON.stringify(payload.destinationId),
    tenant: tenant === undefined ? null : JSON.stringify(tenant),
    content_encoding: contentEncoding ?? null,
    uncompressed_bytes: payload.uncompressedBytes,
    record_count: payload.recordCount,
    highest_severity: payload.highestSeverity,
    oldest_time_millis: payload.oldestTimeMillis,
    taken_at_millis: payload.takenAtMillis,
    schema_version: payload.schemaVersion,
    bytes_crc32: bytesCrc(record_offsets, body),
  };
  return {
    ...columns,
    fields_crc32: fieldsCrc(columns, record_offsets.byteLength, body.byteLength),
    record_offsets,
    body,
  };
}

/** Whether a row has the fields that were written. */
export function isIntact(head: PayloadHead): boolean {
  return fieldsCrc(head, head.offsets_length, head.body_length) === head.fields_crc32;
}

/** Whether a row has all that was written. */
export function isWhole(row: StoredRow): boolean {
  return isIntact(row) && bytesCrc(row.record_offsets ?? NO_BYTES, row.body ?? NO_BYTES) === row.bytes_crc32;
}

/** Whether this version knows what the fields mean. */
export function isReadable(head: PayloadHead): boolean {
  return head.schema_version === PAYLOAD_SCHEMA_VERSION;
}

/** The fields of a row that {@link isIntact}. */
export function fieldsOf(head: PayloadHead): Fields {
  return {
    contentEncoding: (head.content_encoding ?? undefined) as Fields['contentEncoding'],
    uncompressedBytes: head.uncompressed_bytes,
    recordCount: head.record_count,
    highestSeverity: head.highest_severity,
    oldestTimeMillis: head.oldest_time_millis,
    tenant: head.tenant === null ? undefined : (JSON.parse(head.tenant) as string),
    backendId: JSON.parse(head.backend_id) as string,
    destinationId: JSON.parse(head.destination_id) as string,
    takenAtMillis: head.taken_at_millis,
    schemaVersion: head.schema_version,
  };
}

/** @throws LostPayloadError where the row is damaged, or of a version that this one does not know. */
export function payloadOf(row: StoredRow): Payload {
  if (!isWhole(row)) throw new LostPayloadError(`Row ${row.id} is not what was written.`);
  if (!isReadable(row)) throw new LostPayloadError(`Row ${row.id} has the unknown version ${row.schema_version}.`);
  return {
    ...fieldsOf(row),
    body: row.body ?? new Uint8Array(),
    recordOffsets: offsetsOf(row.record_offsets ?? NO_BYTES),
  };
}

const NO_BYTES = new Uint8Array();

function bytesCrc(offsets: Uint8Array, body: Uint8Array): number {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  // Node 22 answers 0 for no bytes, whatever they follow, where they have no memory of their own.
  return body.byteLength === 0 ? crc32(offsets) : crc32(body, crc32(offsets));
}

function fieldsCrc(columns: FieldColumns, offsetsLength: number, bodyLength: number): number {
  const values = FIELD_COLUMNS.map((name) => columns[name]);
  return process.getBuiltinModule('node:zlib').crc32(JSON.stringify([...values, offsetsLength, bodyLength]));
}

function littleEndianBytes(offsets: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (IS_LITTLE_ENDIAN) return new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  const bytes = new DataView(new ArrayBuffer(offsets.byteLength));
  for (const [index, offset] of offsets.entries()) bytes.setUint32(index * Uint32Array.BYTES_PER_ELEMENT, offset, true);
  return new Uint8Array(bytes.buffer);
}

function offsetsOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  // A copy: where the bytes begin need not be where an array of numbers may.
  const copy = new Uint8Array(bytes).buffer;
  if (IS_LITTLE_ENDIAN) return new Uint32Array(copy);
  const view = new DataView(copy);
  return Uint32Array.from({ length: copy.byteLength / Uint32Array.BYTES_PER_ELEMENT }, (_, index) =>
    view.getUint32(index * Uint32Array.BYTES_PER_ELEMENT, true),
  );
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
