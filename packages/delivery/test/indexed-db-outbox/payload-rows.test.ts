import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { headOf, payloadOf, piecesOf } from '../../src/indexed-db-outbox/payload-rows.ts';
import { testPayload } from '../test-payload.ts';

/** A value of so many bytes Chromium writes into a file, after the page may have ended. */
const FILE_BYTES = 64 * 1024;

const payloads = fc
  .record({
    body: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300_000 })),
    recordOffsets: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 50_000 })),
  })
  .map(({ body, recordOffsets }) =>
    testPayload({
      body: Uint8Array.from({ length: body }, (_, index) => index * 31),
      recordOffsets: Uint32Array.from({ length: recordOffsets }, (_, index) => index * 7919),
    }),
  );

test('a payload comes back as it was out of pieces, each of which is small', () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      const pieces = piecesOf(payload);
      expect(Math.max(0, ...pieces.map(({ buffer }) => buffer.byteLength))).toBeLessThan(FILE_BYTES - 1024);
      expect(payloadOf(headOf(payload), pieces)).toEqual(payload);
    }),
    { numRuns: 50 },
  );
});

test('a piece that is missing, doubled, cut or something else makes it no payload', () => {
  const payload = testPayload({ body: new Uint8Array(200_000), recordOffsets: new Uint32Array(100) });
  const head = headOf(payload);
  const pieces = piecesOf(payload);
  expect(pieces.length).toBeGreaterThan(3);
  for (const [index, piece] of pieces.entries()) {
    expect(payloadOf(head, pieces.toSpliced(index, 1))).toBeUndefined();
    expect(payloadOf(head, pieces.toSpliced(index, 0, piece))).toBeUndefined();
    expect(payloadOf(head, pieces.with(index, piece.slice(1)))).toBeUndefined();
    expect(payloadOf(head, (pieces as unknown[]).with(index, 'text'))).toBeUndefined();
  }
});
