import { describe, expect, test } from 'vitest';
import { type PlainValue, toPlainValue } from '@spillway/core';

class Point {
  readonly x = 1;
  get y(): number {
    return 2;
  }
}

class Itself {
  readonly a = 1;
  toJSON(): this {
    return this;
  }
}

describe('the table of values', () => {
  test.each<[string, unknown, PlainValue]>([
    ['string', 'a\ud800b', 'a\ud800b'],
    ['number', -0.5, -0.5],
    ['NaN', Number.NaN, Number.NaN],
    ['boolean', false, false],
    ['null', null, null],
    ['undefined', undefined, null],
    ['undefined in a list', [undefined, 1], [null, 1]],
    ['undefined as a property', { a: undefined, b: 1 }, { b: 1 }],
    ['bigint', 2n ** 64n, '18446744073709551616'],
    ['symbol', Symbol('x'), 'Symbol(x)'],
    ['function', countParts, '[Function countParts]'],
    ['Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['invalid Date', new Date(Number.NaN), 'Invalid Date'],
    [
      'Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, new Map([['b', 3]])],
        [{}, 4],
      ]),
      { a: 1, 2: { b: 3 }, '[object]': 4 },
    ],
    ['Set', new Set([1, 'x', new Set([2])]), [1, 'x', [2]]],
    ['Uint8Array', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['Buffer', Buffer.from('hi'), new Uint8Array([104, 105])],
    ['ArrayBuffer', new Uint8Array([3]).buffer, new Uint8Array([3])],
    ['DataView', new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1), new Uint8Array([2])],
    ['Float64Array', new Float64Array([0.5]), [0.5]],
    ['BigInt64Array', new BigInt64Array([5n]), ['5']],
    ['boxed values', [Object('s'), Object(1), Object(true)], ['s', 1, true]],
    ['object with toJSON', { toJSON: () => ({ a: 1n }) }, { a: '1' }],
    ['object with toJSON that returns itself', new Itself(), { a: 1 }],
    ['URL', new URL('http://x/'), 'http://x/'],
    ['class instance: own data only', new Point(), { x: 1 }],
    ['object without prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['symbol keys are left out', { [Symbol('k')]: 1, a: 2 }, { a: 2 }],
  ])('%s', (_name, value, expected) => {
    expect(toPlainValue(value)).toStrictEqual(expected);
  });

  test('Error: name, message, stack, cause, errors and own properties', () => {
    const cause = new TypeError('inner');
    const error = Object.assign(new AggregateError([new RangeError('one')], 'outer', { cause }), { code: 'E1' });
    expect(toPlainValue(error)).toMatchObject({
      name: 'AggregateError',
      message: 'outer',
      stack: error.stack,
      code: 'E1',
      cause: { name: 'TypeError', message: 'inner' },
      errors: [{ name: 'RangeError', message: 'one' }],
    });
    expect(toPlainValue(new Error('x'))).not.toHaveProperty('cause');
  });

  test('a cycle is cut, a value that occurs twice is not', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared };
    value['self'] = value;
    value['list'] = [value];
    expect(toPlainValue(value)).toEqual({
      first: { a: 1 },
      second: { a: 1 },
      self: '[Circular]',
      list: ['[Circular]'],
    });
  });

  test('one throwing getter costs that property', () => {
    const value = {
      a: 1,
      get bad(): never {
        throw new Error('boom');
      },
      z: 2,
    };
    expect(toPlainValue(value)).toEqual({ a: 1, bad: '[Unreadable]', z: 2 });
  });

  test('keys that name a prototype are data', () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}',
    );
    const plain = toPlainValue(hostile) as Record<string, PlainValue>;
    expect(Object.keys(plain)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(JSON.stringify(plain)).toBe(JSON.stringify(hostile));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(toPlainValue(new Map([['__proto__', 1]])))).toBe('{"__proto__":1}');
  });
});

describe('bounds', () => {
  test('5,000 levels are cut at 64', () => {
    let deep: unknown = 'end';
    for (let i = 0; i < 5000; i += 1) deep = i % 2 === 0 ? { deep } : [deep];
    const text = JSON.stringify(toPlainValue(deep));
    expect(text).toContain('[Truncated]');
    expect(text.split(/[{[]/).length).toBeLessThan(70);
  });

  test.each<[string, unknown]>([
    ['a wide object', Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [i, i]))],
    ['a wide list', Array.from({ length: 50_000 }, () => 'x')],
    ['a list of nothing but holes', Object.assign([], { length: 4_000_000_000 })],
    ['a list of undefined', Array.from({ length: 50_000 })],
    ['many wide lists', Array.from({ length: 500 }, () => Array.from({ length: 500 }, () => ({})))],
    ['a large Map', new Map(Array.from({ length: 50_000 }, (_, i) => [i, i]))],
    ['a large typed array', new Float64Array(50_000)],
    ['a Set that does not end', endlessSet()],
    ['a list that lies about its length', new Proxy([1], { get: lengthless })],
    ['references that stand for four billion values', repeated(repeated(repeated(repeated('x'))))],
  ])('%s ends after 16,384 parts', (_name, value) => {
    expect(countParts(toPlainValue(value))).toBeLessThanOrEqual(16_384 + 64);
  });
});

describe('copies', () => {
  test('later changes of the input do not reach the copy, nor the other way round', () => {
    const bytes = Buffer.from([1, 2, 3]);
    const input = { list: [{ a: 1 }], bytes, map: new Map([['k', [1]]]) };
    const before = structuredClone(input.list);
    const copy = toPlainValue(input) as { list: PlainValue[]; bytes: Uint8Array; map: { k: number[] } };
    bytes[0] = 9;
    input.map.get('k')?.push(2);
    (copy.list[0] as Record<string, PlainValue>)['a'] = 'changed';
    expect(copy.bytes).toEqual(new Uint8Array([1, 2, 3]));
    expect(copy.map).toEqual({ k: [1] });
    expect(input.list).toEqual(before);
  });

  test('bytes of a slice do not keep the buffer they are a part of', () => {
    const copy = toPlainValue(new Uint8Array(new ArrayBuffer(1_000_000), 10, 3)) as Uint8Array;
    expect(copy.buffer.byteLength).toBe(3);
  });
});

function countParts(value: PlainValue): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + countParts(item), 1);
}

function repeated(value: unknown): unknown[] {
  return Array.from({ length: 256 }, () => value);
}

function endlessSet(): Set<number> {
  class Endless extends Set<number> {
    override *[Symbol.iterator](): SetIterator<number> {
      for (let i = 0; ; i += 1) yield i;
    }
  }
  return new Endless();
}

function lengthless(list: number[], key: string | symbol): unknown {
  return key === 'length' ? Infinity : Reflect.get(list, key);
}
