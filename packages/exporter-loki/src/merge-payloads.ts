import type { EncodedPayload } from '@spillway/delivery';

import { BODY_END, RECORD_END } from './push-body.ts';

const encoder = new TextEncoder();
const BODY_END_BYTES = encoder.encode(BODY_END);
const RECORD_END_BYTES = encoder.encode(RECORD_END);
const COMMA = 0x2c;

/**
 * Joins payloads of one tenant and one stream, in their order, into as few as `maxBytes` allows; the bytes of a record stay
 * as they are. A payload of several streams stays by itself.
 */
export function mergePayloads(
  payloads: readonly EncodedPayload[],
  maxBytes: (tenant: string | undefined) => number,
): readonly EncodedPayload[] {
  const merged: EncodedPayload[] = [];
  let run: EncodedPayload[] = [];
  let runBytes = 0;
  for (const payload of payloads) {
    const [first] = run;
    const fits = runBytes + payload.body.byteLength <= maxBytes(payload.tenant);
    if (first === undefined || !fits || !isSameStream(first, payload)) {
      if (run.length > 0) merged.push(join(run));
      run = [];
      runBytes = 0;
    }
    run.push(payload);
    runBytes += payload.body.byteLength;
  }
  if (run.length > 0) merged.push(join(run));
  return merged;
}

/** Whether all records of both belong to one stream of one tenant. */
function isSameStream(one: EncodedPayload, other: EncodedPayload): boolean {
  if (one.tenant !== other.tenant) return false;
  const head = headOf(one);
  const otherHead = headOf(other);
  if (head.length !== otherHead.length) return false;
  return head.every((byte, index) => byte === otherHead[index]) && hasOneStream(one) && hasOneStream(other);
}

/** All that stands before the first record. */
function headOf({ body, recordOffsets }: EncodedPayload): Uint8Array {
  return body.subarray(0, recordOffsets[0]);
}

/** Every record but the first follows another one of its stream. */
function hasOneStream({ body, recordOffsets }: EncodedPayload): boolean {
  for (let index = 1; index < recordOffsets.length; index += 1) {
    if (body[(recordOffsets[index] as number) - RECORD_END_BYTES.length] !== COMMA) return false;
  }
  return true;
}

function join(run: readonly EncodedPayload[]): EncodedPayload {
  const [first] = run as readonly [EncodedPayload];
  if (run.length === 1) return first;
  const headBytes = headOf(first).length;
  const separators = (run.length - 1) * RECORD_END_BYTES.length;
  const recordBytes = run.reduce((sum, { body }) => sum + body.length - headBytes - BODY_END_BYTES.length, 0);
  const body = new Uint8Array(headBytes + recordBytes + separators + BODY_END_BYTES.length);
  const recordOffsets = new Uint32Array(run.reduce((sum, payload) => sum + payload.recordOffsets.length, 0));
  body.set(headOf(first));
  let at = headBytes;
  let record = 0;
  for (const [index, part] of run.entries()) {
    if (index > 0) {
      body.set(RECORD_END_BYTES, at);
      at += RECORD_END_BYTES.length;
    }
    for (const offset of part.recordOffsets) recordOffsets[record++] = offset - headBytes + at;
    const records = part.body.subarray(headBytes, part.body.length - BODY_END_BYTES.length);
    body.set(records, at);
    at += records.length;
  }
  body.set(BODY_END_BYTES, at);
  return {
    body,
    recordOffsets,
    highestSeverity: Math.max(...run.map(({ highestSeverity }) => highestSeverity)),
    oldestTimeMillis: Math.min(...run.map(({ oldestTimeMillis }) => oldestTimeMillis)),
    tenant: first.tenant,
  };
}
