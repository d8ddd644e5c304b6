import { expect, test } from 'vitest';
import { MemoryOutbox, type Outbox, payloadBytes } from '@spillway/delivery';
import { createCompressor } from '../src/compression.ts';
import { PayloadStore, type PayloadStoreOptions } from '../src/payload-store.ts';
import { collectDiag } from './diag-lines.ts';
import { nextTurn } from './test-clock.ts';
import { testPayload } from './test-payload.ts';

const PAYLOAD = testPayload();
const BYTES = payloadBytes(PAYLOAD);

/** An outbox on a disk that can be broken and mended. */
class Disk extends MemoryOutbox {
  readonly writesAhead = true;
  isBroken = false;
  asked = 0;
  adopt = (): [] => [];

  override put(...payload: Parameters<Outbox['put']>): void {
    this.asked += 1;
    if (this.isBroken) throw new Error('disk full');
    super.put(...payload);
  }
}

interface Opened {
  readonly store: PayloadStore;
  readonly disk: Disk;
  readonly memory: MemoryOutbox;
  readonly clock: { now: number };
}

function open(options: Partial<PayloadStoreOptions> = {}): Opened {
  const disk = new Disk({ maxBytes: 10 * BYTES });
  const memory = new MemoryOutbox({ maxBytes: 2 * BYTES });
  const clock = { now: 0 };
  const store = new PayloadStore({
    outbox: disk,
    fallback: memory,
    compressor: createCompressor('none'),
    now: () => clock.now,
    evict: () => false,
    ...options,
  });
  return { store, disk, memory, clock };
}

test('what a broken disk cannot take is held in memory, and moves there when the disk works again', async () => {
  const { store, disk, memory, clock } = open();
  const onDisk = await store.put(PAYLOAD);
  disk.isBroken = true;
  const inMemory = await store.put(testPayload({ body: new Uint8Array([7]) }));
  expect([onDisk, inMemory].map((stored) => store.outlives({ id: stored?.id ?? 0 }))).toEqual([true, false]);
  disk.isBroken = false;
  clock.now = 1000;
  await store.put(PAYLOAD);
  await nextTurn();
  expect(store.outlives({ id: inMemory?.id ?? 0 })).toBe(true);
  expect(await store.read({ id: inMemory?.id ?? 0 })).toMatchObject({ body: new Uint8Array([7]) });
  expect(() => memory.read(inMemory?.id ?? 0)).toThrow('no payload');
  expect(store.bytes).toBe(3 * BYTES - 9);
});

test('it moves though nothing new comes', async () => {
  const { store, disk, clock } = open();
  disk.isBroken = true;
  const stored = await store.put(PAYLOAD);
  clock.now = 1000;
  void store.adopt(() => true);
  await nextTurn();
  expect(store.outlives({ id: stored?.id ?? 0 })).toBe(false);
  disk.isBroken = false;
  clock.now = 2000;
  void store.adopt(() => true);
  await nextTurn();
  expect(store.outlives({ id: stored?.id ?? 0 })).toBe(true);
});

test('a disk that has failed is asked once a second, and an operator told once a minute', async () => {
  const lines = collectDiag();
  const { store, disk, clock } = open({ evict: () => true });
  disk.isBroken = true;
  const { asked } = disk;
  for (clock.now = 0; clock.now < 60_000; clock.now += 100) {
    const stored = await store.put(PAYLOAD);
    if (stored !== undefined) await store.remove(stored);
  }
  expect(disk.asked - asked).toBe(60);
  expect(lines.filter((line) => line.includes('held in memory'))).toHaveLength(1);
  clock.now = 60_000;
  await store.put(PAYLOAD);
  expect(lines.filter((line) => line.includes('disk full'))).toHaveLength(2);
});

test('only what is in memory makes room there', async () => {
  const candidates: boolean[] = [];
  const { store, disk } = open({
    evict: (_weight, isCandidate) => {
      candidates.push(...[1, 2, 3].map((id) => isCandidate({ id })));
      return false;
    },
  });
  await store.put(PAYLOAD);
  disk.isBroken = true;
  const stored = [await store.put(PAYLOAD), await store.put(PAYLOAD), await store.put(PAYLOAD)];
  expect(stored.map((one) => one !== undefined)).toEqual([true, true, false]);
  // The second number was given to the payload that the disk refused.
  expect(candidates).toEqual([false, false, true]);
});

test('a payload that is delivered while it moves stays nowhere', async () => {
  const { store, disk, clock } = open();
  disk.isBroken = true;
  const stored = await store.put(PAYLOAD);
  disk.isBroken = false;
  clock.now = 1000;
  void store.adopt(() => true);
  await store.remove(stored as NonNullable<typeof stored>);
  await nextTurn();
  expect(store.bytes).toBe(0);
  expect(() => disk.read(stored?.id ?? 0)).toThrow('no payload');
});

test('the parts of a payload go to memory where the disk is broken', async () => {
  const { store, disk } = open();
  disk.isBroken = true;
  const { id } = await store.putBeside(PAYLOAD);
  expect(store.outlives({ id })).toBe(false);
  expect(store.putNow([PAYLOAD])).toEqual([undefined]);
});
