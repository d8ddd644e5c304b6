import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { RecordKey } from '../../src/burst-drop/record-key.ts';

interface Fields {
  readonly scope?: unknown;
  readonly severity?: number;
  readonly eventName?: unknown;
  readonly body?: unknown;
}

/** A record, or the text of a key that the application has made. */
type Subject = Fields | string;

function keyOf(subject: Subject, key = new RecordKey(1)): string {
  if (typeof subject === 'string') key.readText(subject);
  else {
    const { scope = { name: 'scope' }, severity = 2, eventName, body } = subject;
    key.readRecord({ instrumentationScope: scope, eventName, body } as never, severity);
  }
  return `${key.hash.a} ${key.hash.b}`;
}

test('each part of a key tells records apart', () => {
  const texts = ['', '\0', '\0\0', 'a', 'b', 'ab', 'ba', 'string', 'undefined', 'text', 'text\0'];
  const keys = [
    ...texts.map((body) => keyOf({ body })),
    ...texts.slice(1).map((eventName) => keyOf({ eventName })),
    ...texts.map((name) => keyOf({ scope: { name }, body: 'scoped' })),
    ...[0, 1, 3, 4, 5].map((severity) => keyOf({ severity })),
    ...[undefined, null, 1, 1n, true].map((body) => keyOf({ body })),
    ...texts.map((text) => keyOf(text)),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('what is no part of a key does not', () => {
  const long = 'x'.repeat(32);
  expect(keyOf({ body: `${long} 1` })).not.toBe(keyOf({ body: `${long.slice(1)}y 1` }));
  expect(keyOf({ body: `${long} 1` })).toBe(keyOf({ body: `${long} 22` }));
  expect(keyOf({ eventName: 'event', body: 'one' })).toBe(keyOf({ eventName: 'event', body: 2 }));
  expect(keyOf({ eventName: '', body: 'one' })).toBe(keyOf({ eventName: 5, body: 'one' }));
  expect(keyOf({ scope: { name: 'scope', version: '2' } })).toBe(keyOf({}));
  expect(keyOf({ body: { a: 1 } })).toBe(keyOf({ body: [2] }));
  expect(keyOf(`${'x'.repeat(1024)}1`)).toBe(keyOf(`${'x'.repeat(1024)}2`));
  expect(keyOf(`${'x'.repeat(1023)}1`)).not.toBe(keyOf(`${'x'.repeat(1023)}2`));
});

test('a key is the same whatever was read before it', () => {
  const text = fc.constantFrom('', 'a', 'b', 'event', 'x'.repeat(40), `${'x'.repeat(40)}y`, 'z'.repeat(2000));
  const scopes: unknown[] = [{ name: 'a' }, { name: 'b' }, { name: 'a' }, { name: 5 }, null, 5, 'scope'];
  const step = fc.oneof(
    fc.record({
      scope: fc.constantFrom(...scopes),
      severity: fc.nat(5),
      eventName: fc.option(text, { nil: undefined }),
      body: fc.oneof(text, fc.constantFrom(undefined, 1, {})),
    }),
    text,
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const shared = new RecordKey(1);
      for (const current of steps) expect(keyOf(current, shared)).toBe(keyOf(current));
    }),
  );
});

test('half a million keys of one form are all different, and fall into all buckets alike', () => {
  const key = new RecordKey(0x1234_5678);
  const keys = new Set<number>();
  const buckets = new Uint32Array(1024);
  for (let index = 0; index < 500_000; index += 1) {
    key.readText(`user-${index}`);
    const { a, b } = key.hash;
    // As many bits of both as a double holds.
    keys.add((a >>> 0) * 2 ** 21 + (b >>> 11));
    buckets[a & 1023] = (buckets[a & 1023] as number) + 1;
  }
  expect(keys.size).toBe(500_000);
  expect(Math.max(...buckets)).toBeLessThan(2 * (500_000 / 1024));
});

test('any number of event names are told apart, each the same again', () => {
  const key = new RecordKey(1);
  const names = Array.from({ length: 5000 }, (_, index) => `event ${index}`);
  const keys = names.map((eventName) => keyOf({ eventName }, key));
  expect(new Set(keys).size).toBe(5000);
  expect(names.map((eventName) => keyOf({ eventName }, key))).toEqual(keys);
});

test('keys depend on the seed', () => {
  expect(keyOf({ body: 'text' }, new RecordKey(1))).not.toBe(keyOf({ body: 'text' }, new RecordKey(2)));
});
