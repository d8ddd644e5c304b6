import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cutToFit } from '../../src/page/cut-to-fit.ts';
import type { EncodedPayload } from '../../src/payload.ts';

/** Each byte of a body is its place among all bytes, so that what was cut can be told; records are of one length. */
function payloadOf(recordCount: number, recordBytes: number, highestSeverity: number): EncodedPayload {
  const body = new Uint8Array(recordCount * recordBytes).map((_, index) => index);
  const recordOffsets = Uint32Array.from({ length: recordCount }, (_, index) => index * recordBytes);
  return { body, recordOffsets, highestSeverity, oldestTimeMillis: 0 };
}

function split(payload: EncodedPayload): readonly EncodedPayload[] {
  const { body, recordOffsets } = payload;
  if (recordOffsets.length < 2) return [payload];
  const middle = recordOffsets.length >> 1;
  const at = recordOffsets[middle] as number;
  return [
    { ...payload, body: body.slice(0, at), recordOffsets: recordOffsets.slice(0, middle) },
    { ...payload, body: body.slice(at), recordOffsets: recordOffsets.slice(middle).map((offset) => offset - at) },
  ];
}

/** What a page that sends the most severe and newest first, as far as it fits, gets out. */
function sendable(pieces: readonly EncodedPayload[], freeBytes: number): EncodedPayload[] {
  let free = freeBytes;
  const sent: EncodedPayload[] = [];
  for (const piece of pieces.toReversed().toSorted((a, b) => b.highestSeverity - a.highestSeverity)) {
    if (piece.body.byteLength > free) continue;
    free -= piece.body.byteLength;
    sent.push(piece);
  }
  return sent;
}

const anyPayload = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3000 }), fc.constantFrom(5, 9, 17))
  .map(([count, bytes, severity]) => payloadOf(count, bytes, severity));
const anyPayloads = fc.array(anyPayload, { maxLength: 5 });
const anyFree = fc.integer({ min: 0, max: 61_440 });

function expectAllOfIt(payloads: readonly EncodedPayload[], free: number): void {
  const pieces = cutToFit(payloads, free, split);
  expect(pieces).toHaveLength(payloads.length);
  for (const [index, { body, recordOffsets }] of payloads.entries()) {
    const own = pieces[index] ?? [];
    expect(Buffer.concat(own.map((piece) => piece.body)).equals(body)).toBe(true);
    expect(own.reduce((sum, piece) => sum + piece.recordOffsets.length, 0)).toBe(recordOffsets.length);
  }
}

function expectNewestToFit(payloads: readonly EncodedPayload[], free: number): void {
  const highest = Math.max(...payloads.map(({ highestSeverity }) => highestSeverity));
  const last = payloads.findLastIndex(({ highestSeverity }) => highestSeverity === highest);
  const { body, recordOffsets } = payloads[last] as EncodedPayload;
  const recordBytes = body.byteLength / recordOffsets.length;
  fc.pre(free >= 1024 && recordBytes <= free);
  const pieces = cutToFit(payloads, free, split);
  expect(sendable(pieces.flat(), free)).toContain(pieces[last]?.at(-1));
}

function fail(): never {
  throw new Error('no cut');
}

describe('what is cut to fit', () => {
  test('is all that there was, in its order', () => {
    fc.assert(fc.property(anyPayloads, anyFree, expectAllOfIt));
  });

  test('lets the newest record of the most severe payload leave wherever a record of it fits', () => {
    fc.assert(fc.property(fc.array(anyPayload, { minLength: 1, maxLength: 5 }), anyFree, expectNewestToFit));
  });

  test('uses most of the room where there is much more to send', () => {
    const pieces = cutToFit([payloadOf(2000, 300, 9)], 61_440, split).flat();
    const bytes = sendable(pieces, 61_440).reduce((sum, { body }) => sum + body.byteLength, 0);
    expect(bytes).toBeGreaterThan(0.8 * 61_440);
    expect(pieces.length).toBeLessThan(20);
  });

  test('is left whole without room, where it fits, and where it cannot be cut', () => {
    const large = payloadOf(2, 40_000, 9);
    expect(cutToFit([large], 0, split)).toEqual([[large]]);
    expect(cutToFit([payloadOf(2, 100, 9)], 61_440, fail)).toHaveLength(1);
    expect(cutToFit([large], 61_440, fail)).toEqual([[large]]);
    expect(cutToFit([large], 61_440, (payload) => [payload])).toEqual([[large]]);
  });

  test('is not cut record by record where none fits', () => {
    const pieces = cutToFit([payloadOf(1024, 5000, 9)], 2000, split).flat();
    expect(pieces.length).toBeLessThanOrEqual(11);
  });
});
