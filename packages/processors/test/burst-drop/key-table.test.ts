import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { KeyTable } from '../../src/burst-drop/key-table.ts';

/** Few hashes, so that keys share buckets and one of their two hashes. */
const hash = fc.constantFrom(0, 1, 2, 16, -1, -16, 2 ** 31 - 1, -(2 ** 31));
const key = fc.tuple(hash, hash);

test('a table does what a map in order of use would, whatever keys come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(key, { maxLength: 300 }), (capacity, keys) => {
      const evicted: number[] = [];
      const table = new KeyTable(capacity, (cell) => evicted.push(cell));
      const model = new Map<string, number>();
      let evictions = 0;
      for (const [hashA, hashB] of keys) {
        const name = `${hashA} ${hashB}`;
        const known = model.get(name);
        const [oldest] = model.entries();
        const used = new Set(model.values());
        const isFull = model.size === capacity;
        const cell = table.find(hashA, hashB);
        if (known === undefined && isFull) model.delete(oldest?.[0] as string);
        const free = Array.from({ length: capacity }, (_, index) => index).filter((index) => !used.has(index));
        expect(known === undefined ? (isFull ? [oldest?.[1]] : free) : [known]).toContain(cell);
        evictions += known === undefined && isFull ? 1 : 0;
        expect(evicted).toHaveLength(evictions);
        model.delete(name);
        model.set(name, cell);
        expect(table.size).toBe(model.size);
        expect(cell).toBeGreaterThanOrEqual(0);
        expect(cell).toBeLessThan(capacity);
      }
      for (const [name, cell] of model) {
        const [hashA, hashB] = name.split(' ').map(Number) as [number, number];
        expect(table.find(hashA, hashB)).toBe(cell);
      }
      expect(evicted).toHaveLength(evictions);
    }),
    { numRuns: 500 },
  );
});

test('exactly as many keys fit as the table has cells', () => {
  for (const capacity of [1, 2, 3, 1000, 4096]) {
    let evicted = 0;
    const table = new KeyTable(capacity, () => (evicted += 1));
    const cells = new Set(Array.from({ length: capacity }, (_, index) => table.find(index * 7, index)));
    expect(cells.size).toBe(capacity);
    expect([table.size, evicted]).toEqual([capacity, 0]);
    expect(table.find(-5, -5)).toBe(table.find(-5, -5));
    expect([table.size, evicted]).toEqual([capacity, 1]);
  }
});

test('a million keys leave it at its capacity, each evicted once', () => {
  const evictions = new Uint32Array(64);
  const table = new KeyTable(64, (cell) => (evictions[cell] = (evictions[cell] as number) + 1));
  for (let index = 0; index < 1_000_000; index += 1) table.find(Math.imul(index, 0x9e3779b1), index);
  expect(table.size).toBe(64);
  expect(evictions.reduce((sum, count) => sum + count, 0)).toBe(1_000_000 - 64);
});
