import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { GzipPool } from '../src/gzip-pool.ts';

/** Bodies of all sizes, that compress well and not at all. */
const body = fc
  .record({ size: fc.oneof(fc.nat(300_000), fc.constant(0)), isRandom: fc.boolean() })
  .map(({ size, isRandom }) => new Uint8Array(isRandom ? randomBytes(size) : Buffer.alloc(size, 'hello ')));

test('streams that are used again compress each body by itself, as well as a new one, one after the other and at once', async () => {
  const pool = new GzipPool(zlib);
  await fc.assert(
    fc.asyncProperty(fc.array(body, { maxLength: 12 }), async (bodies) => {
      const results = await Promise.all(bodies.map((bytes) => pool.compress(bytes)));
      for (const [index, bytes] of bodies.entries()) {
        const result = results[index] as Uint8Array;
        expect(Buffer.compare(zlib.gunzipSync(result), bytes)).toBe(0);
        // Not always to the same bytes: near the end of a body zlib looks for matches by what its window had there before.
        const { byteLength } = await new GzipPool(zlib).compress(bytes);
        expect(result.byteLength).toBeLessThanOrEqual(byteLength + 8);
        expect(result.buffer.byteLength).toBe(result.byteLength);
      }
    }),
    { numRuns: 20 },
  );
});

test('a body of any size comes to its end, also where it does not compress', async () => {
  const bytes = new Uint8Array(randomBytes(20_000_000));
  const result = await new GzipPool(zlib).compress(bytes);
  expect(Buffer.compare(zlib.gunzipSync(result), bytes)).toBe(0);
});

test('what cannot be compressed rejects, and the next body is not affected', async () => {
  const pool = new GzipPool(zlib);
  await expect(pool.compress('text' as unknown as Uint8Array<ArrayBuffer>)).resolves.toBeInstanceOf(Uint8Array);
  await expect(pool.compress(7 as unknown as Uint8Array<ArrayBuffer>)).rejects.toBeInstanceOf(TypeError);
  const bytes = new Uint8Array([1, 2, 3]);
  expect(new Uint8Array(zlib.gunzipSync(await pool.compress(bytes)))).toEqual(bytes);
});
