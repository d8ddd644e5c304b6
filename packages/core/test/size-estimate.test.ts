import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateRecordBytes } from '@spillway/core';

function estimate(body: unknown, attributes: Record<string, unknown> = {}): number {
  return estimateRecordBytes({ body, attributes });
}

const EMPTY = estimate(undefined);

test('texts, keys and bytes count what they hold', () => {
  expect(estimate('x'.repeat(1000)) - estimate('')).toBe(1000);
  expect(estimate('', { key: 'x'.repeat(100) }) - estimate('', { key: '' })).toBe(100);
  expect(estimate('', { ['k'.repeat(50)]: 1 }) - estimate('', { k: 1 })).toBe(49);
  expect(estimate(new Uint8Array(5000))).toBeGreaterThanOrEqual(EMPTY + 5000);
  expect(estimate({ nested: { list: ['x'.repeat(700)] } })).toBeGreaterThanOrEqual(EMPTY + 700);
});

test('a list counts its length even where its items are not looked at', () => {
  expect(estimate(Array.from({ length: 100_000 }, () => 1))).toBeGreaterThan(100_000 * 8);
});

test('an estimate never throws, is finite, and is at least what a record costs by itself', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withMap: true, withTypedArray: true }), (value) => {
      for (const bytes of [estimate(value), estimate('', { value })]) {
        expect(Number.isSafeInteger(bytes)).toBe(true);
        expect(bytes).toBeGreaterThanOrEqual(EMPTY - 16);
      }
    }),
  );
});

test('hostile values cost an estimate, not a record', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const throwing = {
    get x(): never {
      throw new Error('boom');
    },
  };
  const hostileProxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('boom');
      },
    },
  );
  class Liar extends Uint8Array {
    override get byteLength(): number {
      return Number.NaN;
    }
  }
  const lyingList = new Proxy([1], { get: (list, key) => (key === 'length' ? Infinity : Reflect.get(list, key)) });
  for (const value of [circular, throwing, hostileProxy, new Liar(3), lyingList, Symbol('x'), 1n, () => {}]) {
    expect(Number.isSafeInteger(estimate(value))).toBe(true);
    expect(Number.isSafeInteger(estimate('', { value }))).toBe(true);
  }
});

test('the parts looked at are bounded, however they are nested', () => {
  let reads = 0;
  const counted = (value: unknown): unknown =>
    new Proxy(
      Array.from({ length: 256 }, () => value),
      {
        get: (list, key) => {
          if (typeof key === 'string' && key !== 'length') reads += 1;
          return Reflect.get(list, key);
        },
      },
    );
  // Two kilobytes of references that stand for four billion values.
  estimate(counted(counted(counted(counted('x')))));
  expect(reads).toBeLessThan(10_000);
});
