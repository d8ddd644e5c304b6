import { concatBytes } from '@spillway/core';

import { type Payload, PAYLOAD_SCHEMA_VERSION } from '../payload.ts';
import { payloadBytes } from '../outbox.ts';

/**
 * Chromium keeps a value of 64 KiB and more in a file of its own, which it writes after everything else of the transaction:
 * where the page ends meanwhile, all of the transaction is undone, committed or not.
 */
const PIECE_BYTES = 60 * 1024;

/** What is known of a payload without its bytes. */
export interface PayloadHead extends Omit<Payload, 'body' | 'recordOffsets'> {
  /** Size of its body, as it goes over the wire. */
  readonly wireBytes: number;
  /** What it counts for, as {@link payloadBytes} does. */
  readonly bytes: number;
}

/** A part of a payload's body and offsets, which stand one behind the other. */
export type PayloadPiece = Uint8Array<ArrayBuffer>;

export function headOf(payload: Payload): PayloadHead {
  return { ...fieldsOf(payload), wireBytes: payload.body.byteLength, bytes: payloadBytes(payload) };
}

/** Each in memory of its own: a part of a buffer would be stored with all of the buffer. */
export function piecesOf({ body, recordOffsets }: Payload): PayloadPiece[] {
  const { buffer, byteOffset, byteLength } = recordOffsets;
  const whole = concatBytes([body, new Uint8Array(buffer, byteOffset, byteLength)]);
  const pieces: PayloadPiece[] = [];
  for (let at = 0; at < whole.byteLength; at += PIECE_BYTES) pieces.push(whole.slice(at, at + PIECE_BYTES));
  return pieces;
}

/** The payload that was put; undefined where the rows are not what an outbox writes. */
export function payloadOf(head: unknown, pieces: readonly unknown[]): Payload | undefined {
  if (!isHead(head) || !pieces.every(isPiece)) return undefined;
  const whole = concatBytes(pieces);
  const body = whole.slice(0, head.wireBytes);
  const offsets = whole.slice(head.wireBytes);
  if (offsets.byteLength % Uint32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const recordOffsets = new Uint32Array(offsets.buffer);
  if (body.byteLength !== head.wireBytes || payloadBytes({ body, recordOffsets }) !== head.bytes) return undefined;
  return { ...fieldsOf(head), body, recordOffsets };
}

/** Whether a value is a head that this version can send: other scripts of the origin can write what they like. */
export function isHead(value: unknown): value is PayloadHead {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as { readonly [Name in keyof PayloadHead]: unknown };
  return (
    head.schemaVersion === PAYLOAD_SCHEMA_VERSION &&
    [head.backendId, head.destinationId].every(isText) &&
    [head.tenant, head.contentEncoding].every((field) => field === undefined || isText(field)) &&
    [head.oldestTimeMillis, head.takenAtMillis].every(Number.isFinite) &&
    [head.uncompressedBytes, head.recordCount, head.highestSeverity, head.wireBytes, head.bytes].every(isCount)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPiece(value: unknown): value is PayloadPiece {
  return value instanceof Uint8Array;
}

/** Named one by one, so that nothing else that an object has is stored, or comes out of a store. */
function fieldsOf(fields: Omit<Payload, 'body' | 'recordOffsets'>): Omit<Payload, 'body' | 'recordOffsets'> {
  const { contentEncoding, uncompressedBytes, recordCount, highestSeverity, oldestTimeMillis } = fields;
  const { tenant, backendId, destinationId, takenAtMillis, schemaVersion } = fields;
  return {
    contentEncoding,
    uncompressedBytes,
    recordCount,
    highestSeverity,
    oldestTimeMillis,
    tenant,
    backendId,
    destinationId,
    takenAtMillis,
    schemaVersion,
  };
}
