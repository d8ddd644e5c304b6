import { describe, expect, it } from 'vitest';

import { SharedPool } from '../src/worker/shared-pool.ts';

const KIB = 1024;

function bytes(length: number, value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(value);
}

describe('SharedPool', () => {
  it('copies bytes of any size into shared memory', () => {
    const pool = new SharedPool();
    for (const length of [0, 1, 16 * KIB, 100 * KIB, 3000 * KIB]) {
      const copy = pool.copy(bytes(length, 7));
      expect(copy.buffer).toBeInstanceOf(SharedArrayBuffer);
      // Element by element, millions of them take seconds.
      expect(Buffer.compare(copy, bytes(length, 7))).toBe(0);
    }
  });

  it('uses memory again once it was released, and not before', () => {
    const pool = new SharedPool();
    const first = pool.copy(bytes(100 * KIB, 1));
    const second = pool.copy(bytes(100 * KIB, 2));
    expect(second.buffer).not.toBe(first.buffer);
    pool.release(first);
    const third = pool.copy(bytes(90 * KIB, 3));
    expect(third.buffer).toBe(first.buffer);
    expect(third).toEqual(bytes(90 * KIB, 3));
    expect(second).toEqual(bytes(100 * KIB, 2));
  });

  it('keeps no more than 4 MiB that nobody uses', () => {
    const pool = new SharedPool();
    const copies = Array.from({ length: 10 }, () => pool.copy(bytes(1024 * KIB, 1)));
    for (const copy of copies) pool.release(copy);
    const blocks = new Set(copies.map(({ buffer }) => buffer));
    const again = Array.from({ length: 10 }, () => pool.copy(bytes(1024 * KIB, 1)));
    expect(again.filter(({ buffer }) => blocks.has(buffer))).toHaveLength(4);
  });
});
