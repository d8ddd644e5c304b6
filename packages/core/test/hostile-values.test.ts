import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlainValue, toPlainValue } from '@spillway/core';

function boom(): never {
  throw new Error('boom');
}

function isJson(value: PlainValue): boolean {
  return JSON.stringify(value) !== undefined;
}

describe('hostile values', () => {
  const handler = Object.fromEntries(
    ['get', 'ownKeys', 'getPrototypeOf', 'has', 'getOwnPropertyDescriptor'].map((name) => [name, boom]),
  );
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  class Mislabelled {
    get [Symbol.toStringTag](): string {
      return 'String';
    }
    readonly own = circular;
  }
  class OddDate extends Date {
    override toISOString(): string {
      return circular as unknown as string;
    }
  }
  const endlessJson: { toJSON(): unknown } = { toJSON: () => ({ ...endlessJson }) };
  const hostile: unknown[] = [
    new Proxy({}, handler),
    new Proxy([], handler),
    revoked.proxy,
    { toJSON: boom },
    {
      get toJSON() {
        return boom();
      },
    },
    {
      toJSON() {
        return this;
      },
    },
    endlessJson,
    Object.create(Date.prototype),
    Object.create(Map.prototype),
    Object.create(Uint8Array.prototype),
    new Mislabelled(),
    new OddDate(0),
    Object.defineProperty(() => {}, 'name', { get: boom }),
    Object.defineProperty(new Error('x'), 'message', { get: boom }),
    Object(1n),
    Object(Symbol('x')),
    circular,
  ];

  test.each(hostile.map((value, index) => [index, value]))('number %i is copied, alone and inside', (_index, value) => {
    expect(isJson(toPlainValue(value))).toBe(true);
    const inside = toPlainValue({ before: 1, list: [value], after: 2 }) as Record<string, PlainValue>;
    expect(isJson(inside)).toBe(true);
    expect([inside['before'], inside['after']]).toEqual([1, 2]);
  });

  test('a class that calls itself String is copied, not shared', () => {
    expect(toPlainValue(new Mislabelled())).toEqual({ own: { self: '[Circular]' } });
  });

  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withBoxedValues: true,
  });

  test('whatever the value, it is left unchanged', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const before = fc.stringify(input);
        toPlainValue(input);
        expect(fc.stringify(input)).toBe(before);
      }),
    );
  });

  test('whatever the value, it becomes plain data, and the same data each time', () => {
    // fast-check looks into what it generates, so it gets the numbers of the hostile values.
    const number = fc.nat({ max: hostile.length - 1 }).map((index) => new Hostile(index));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, anything, number, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (generated) => {
        const input = filledIn(generated, hostile);
        const plain = toPlainValue(input);
        expect(isPlain(plain)).toBe(true);
        expect(isJson(plain)).toBe(true);
        expect(toPlainValue(input)).toStrictEqual(plain);
        expect(toPlainValue(plain)).toStrictEqual(plain);
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

/** Stands for a hostile value in what fast-check generates. */
class Hostile {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

function filledIn(value: unknown, hostile: readonly unknown[]): unknown {
  if (value instanceof Hostile) return hostile[value.index];
  if (Array.isArray(value)) return value.map((item) => filledIn(item, hostile));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, hostile)]));
}

/** Own data properties of plain objects and lists all the way down. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object') return ['string', 'number', 'boolean'].includes(typeof value);
  if (value === null || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(value));
  return Object.getOwnPropertySymbols(value).length === 0 && descriptors.every((one) => isPlain(one.value));
}
