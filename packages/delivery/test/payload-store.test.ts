import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EncodedPayload, MemoryOutbox, payloadBytes } from '@spillway/delivery';
import { type Compressor, createCompressor } from '../src/compression.ts';
import { PayloadStore, type PayloadStoreOptions, type Weight } from '../src/payload-store.ts';
import { encodeLines, line } from './test-backend.ts';
import { SlowOutbox } from './test-outbox.ts';
import { testOwner, testPayload } from './test-payload.ts';

const encoded: EncodedPayload = encodeLines([line('hello '.repeat(100)), line('world')]);

function openStore(options: Partial<PayloadStoreOptions>): PayloadStore {
  const outbox = new MemoryOutbox();
  return new PayloadStore({
    outbox,
    compressor: createCompressor('none'),
    now: () => 0,
    evict: () => false,
    ...options,
  });
}

function create(
  compressor: Compressor = createCompressor('gzip'),
  evict: (weight: Weight) => boolean = () => false,
): PayloadStore {
  return openStore({ outbox: new MemoryOutbox({ maxBytes: 10_000 }), compressor, evict });
}

test('a payload tells what it was before compression, and can be had back as it was', async () => {
  const store = create();
  const payload = await store.compress(encoded, { owner: testOwner(), takenAtMillis: 0 });
  expect(payload).toMatchObject({
    contentEncoding: 'gzip',
    uncompressedBytes: encoded.body.byteLength,
    recordCount: 2,
    highestSeverity: 9,
    backendId: 'lines',
    schemaVersion: 1,
  });
  expect(payload.body.byteLength).toBeLessThan(100);
  const stored = await store.put(payload);
  expect(stored?.bytes).toBe(payloadBytes(payload));
  const back = await store.readEncoded({ id: stored?.id ?? 0, owner: testOwner() });
  expect(new Uint8Array(back.body)).toEqual(encoded.body);
  expect(back.recordOffsets).toEqual(encoded.recordOffsets);
});

test('where compression fails, the body goes as it is', async () => {
  const failing: Compressor = {
    ...createCompressor('gzip'),
    compress: () => Promise.reject(new Error('out of memory')),
  };
  const store = create(failing);
  const payload = await store.compress(encoded, { owner: testOwner(), takenAtMillis: 0 });
  expect([payload.contentEncoding, payload.body]).toEqual([undefined, encoded.body]);
  const stored = await store.put(payload);
  expect((await store.readEncoded({ id: stored?.id ?? 0, owner: testOwner() })).body).toBe(encoded.body);
});

test('no more is evicted than the new payload needs, and nothing for one that would not fit anyway', async () => {
  let evictions = 0;
  const held: { id: number; bytes: number }[] = [];
  const store = create(createCompressor('none'), () => {
    const victim = held.shift();
    if (victim === undefined) return false;
    evictions += 1;
    void store.remove(victim);
    return true;
  });
  const put = async (size: number): Promise<boolean> => {
    const stored = await store.put(testPayload({ body: new Uint8Array(size) }));
    if (stored !== undefined) held.push(stored);
    return stored !== undefined;
  };
  for (let i = 0; i < 5; i += 1) expect(await put(1400)).toBe(true);
  expect(evictions).toBe(0);
  expect(await put(20_000)).toBe(false);
  expect(evictions).toBe(0);
  expect(await put(3000)).toBe(true);
  expect(evictions).toBe(2);
});

test('however payloads come and go at once, the bytes are those that are there, and within the bound', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), size: fc.integer({ min: 0, max: 3000 }) }),
    fc.record({ kind: fc.constant('remove' as const), size: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 5 }), { maxLength: 10 }), async (rounds) => {
      const outbox = new SlowOutbox(10_000);
      const held: { id: number; bytes: number }[] = [];
      const store = openStore({
        outbox,
        evict: () => {
          const victim = held.shift();
          if (victim !== undefined) void store.remove(victim);
          return victim !== undefined;
        },
      });
      for (const round of rounds) {
        const steps = round.map(async ({ kind, size }) => {
          if (kind === 'remove') {
            const [gone] = held.splice(size, 1);
            if (gone !== undefined) await store.remove(gone);
          } else {
            const stored = await store.put(testPayload({ body: new Uint8Array(size) }));
            if (stored !== undefined) held.push(stored);
          }
        });
        expect(store.bytes).toBeLessThanOrEqual(10_000);
        await Promise.all(steps);
      }
      expect(store.bytes).toBe(held.reduce((sum, { bytes }) => sum + bytes, 0));
    }),
    { numRuns: 50 },
  );
});

test('a payload that the outbox refuses counts for nothing', async () => {
  const outbox = Object.assign(new SlowOutbox(), { put: () => Promise.reject(new Error('disk full')) });
  const store = openStore({ outbox });
  await expect(store.put(testPayload())).rejects.toThrow('disk full');
  await expect(store.putBeside(testPayload())).rejects.toThrow('disk full');
  expect(store.bytes).toBe(0);
});
