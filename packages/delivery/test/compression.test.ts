import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Compressor, createCompressor } from '../src/compression.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** As in a browser, or in an old one without streams. */
function withoutNode({ hasStreams }: { readonly hasStreams: boolean }): Compressor {
  vi.stubGlobal('process', undefined);
  if (!hasStreams) vi.stubGlobal('CompressionStream', undefined);
  const compressor = createCompressor('gzip');
  vi.unstubAllGlobals();
  return compressor;
}

const body = fc.uint8Array({ maxLength: 5000 }).map((bytes) => new Uint8Array(bytes));

describe.each([
  ['node:zlib', () => createCompressor('gzip')],
  ['CompressionStream', () => withoutNode({ hasStreams: true })],
])('with %s', (_name, create) => {
  test('what was compressed is gzip, and expands to the identical bytes', async () => {
    const compressor = create();
    expect(compressor.contentEncoding).toBe('gzip');
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const compressed = await compressor.compress(bytes);
        expect(new Uint8Array(gunzipSync(compressed))).toEqual(bytes);
        expect(new Uint8Array(await compressor.expand(compressed))).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });

  test('what others compressed expands too', async () => {
    const bytes = new Uint8Array(Buffer.from('hello '.repeat(100_000)));
    expect(new Uint8Array(await create().expand(new Uint8Array(gzipSync(bytes))))).toEqual(bytes);
  });

  test('a result does not keep more memory than it needs', async () => {
    const compressed = await create().compress(new Uint8Array(100_000));
    expect(compressed.buffer.byteLength).toBe(compressed.byteLength);
    expect(compressed.byteLength).toBeLessThan(1000);
  });

  test('damaged bytes reject, and nothing is left unhandled', async () => {
    const compressed = await create().compress(new Uint8Array(1000));
    await expect(create().expand(compressed.slice(0, -12))).rejects.toBeInstanceOf(Error);
    await expect(create().expand(new Uint8Array([1, 2, 3]))).rejects.toBeInstanceOf(Error);
  });
});

describe('without compression', () => {
  test.each([
    ['because it was not asked for', () => createCompressor('none')],
    ['because the runtime has none', () => withoutNode({ hasStreams: false })],
  ])('bodies go as they are, %s', async (_name, create) => {
    const compressor = create();
    const bytes = new Uint8Array([1, 2, 3]);
    expect(compressor.contentEncoding).toBeUndefined();
    expect(await compressor.compress(bytes)).toBe(bytes);
    expect(await compressor.expand(bytes)).toBe(bytes);
  });
});
