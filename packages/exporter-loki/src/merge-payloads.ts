import { concatBytes } from '@spillway/core';
import type { EncodedPayload } from '@spillway/delivery';

import { BODY_END_BYTES, COMMA, RECORD_END_BYTES } from './push-body.ts';

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
  const head = headOf(first);
  const parts: Uint8Array[] = [];
  const recordOffsets: number[] = [];
  let at = 0;
  for (const part of run) {
    const begin = part === first ? head : RECORD_END_BYTES;
    const records = part.body.subarray(head.length, -BODY_END_BYTES.length);
    parts.push(begin, records);
    at += begin.length;
    for (const offset of part.recordOffsets) recordOffsets.push(offset - head.length + at);
    at += records.length;
  }
  return {
    body: concatBytes([...parts, BODY_END_BYTES]),
    recordOffsets: new Uint32Array(recordOffsets),
    highestSeverity: Math.max(...run.map(({ highestSeverity }) => highestSeverity)),
    oldestTimeMillis: Math.min(...run.map(({ oldestTimeMillis }) => oldestTimeMillis)),
    tenant: first.tenant,
  };
}
