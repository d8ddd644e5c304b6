import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { Drop } from '@spillway/core';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

import { RecordEncoder } from '../src/records/encode-record.ts';
import { logRecord, numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { watchEvents } from './watcher.ts';

const MAX_BYTES = 8192;
const encoder = new RecordEncoder(MAX_BYTES);

function encode(fields: object): Record<string, unknown> {
  const json = `{${encoder.encode(logRecord(fields), 7)}`;
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_BYTES);
  expect(json).not.toMatch(/[\n\r]/);
  return JSON.parse(json) as Record<string, unknown>;
}

const circular: Record<string, unknown> = {};
circular['self'] = circular;

const trap = (): never => {
  throw new Error('trap');
};

describe('a record as JSON', () => {
  it.each([
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', -Infinity, '-Infinity'],
    ['a BigInt', 12n, '12'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a line break', 'a\r\n\u2028b', 'a\r\n\u2028b'],
    ['bytes', new Uint8Array([1, 2, 255]), 'AQL/'],
    ['a cycle', circular, { self: '[Circular]' }],
    ['a getter that throws', Object.defineProperty({}, 'x', { get: trap, enumerable: true }), { x: '[Unreadable]' }],
    ['toJSON that throws', { toJSON: trap }, '[Unreadable]'],
    ['no value', null, null],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('has %s as a body and as an attribute', (_name, value, expected) => {
    expect(encode({ body: value })).toMatchObject({ body: expected });
    expect(encode({ attributes: { value, other: 1 } })).toMatchObject({ attributes: { value: expected, other: 1 } });
  });

  it('keeps names that mean something to JavaScript as data', () => {
    const attributes: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toJSON":2}');
    expect(encode({ attributes })['attributes']).toEqual(attributes);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('cuts what is large, and says so', () => {
    const large = encode({ body: 'x'.repeat(20_000_000), attributes: { a: 1, b: 'y'.repeat(100_000), c: 'z' } });
    expect(large).toMatchObject({ truncated: true, attributes: { a: 1, c: 'z' } });
    expect((large['body'] as string).length).toBeGreaterThan(MAX_BYTES / 2);
    const wide = encode({
      attributes: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])),
    });
    expect(wide['truncated']).toBe(true);
    expect(wide['attributes']).toMatchObject({ k0: 0, k100: 100 });
    const origin = { attributes: { host: 'x'.repeat(100_000) } };
    expect(encode({ resource: origin })['truncated']).toBe(true);
    expect(encode({ body: 'x'.repeat(7000) })['truncated']).toBeUndefined();
  });

  it('reads a resource again while a detector is still at work', () => {
    const resource = { attributes: { a: 1 } as object, asyncAttributesPending: true };
    expect(encode({ resource })['resource']).toEqual({ a: 1 });
    resource.attributes = { a: 1, b: 2 };
    expect(encode({ resource })['resource']).toEqual({ a: 1, b: 2 });
    resource.asyncAttributesPending = false;
    expect(encode({ resource })['resource']).toEqual({ a: 1, b: 2 });
    resource.attributes = {};
    expect(encode({ resource })['resource']).toEqual({ a: 1, b: 2 });
  });

  test('is what JSON makes of it, where it is plain and small', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 10 });
    const values = [text, fc.integer(), fc.boolean(), fc.constant(null)];
    const json = fc.anything({ values, key: text, maxDepth: 2, maxKeys: 4, withNullPrototype: false });
    const table = fc.dictionary(text, fc.oneof(...values), { maxKeys: 8 });
    fc.assert(
      fc.property(json, table, (body, attributes) => {
        const plain = { body, attributes: { ...attributes } };
        const encoded = encode(plain);
        expect(encoded).toEqual({ ...encoded, ...(JSON.parse(JSON.stringify(plain)) as object) });
        expect(encoded['truncated']).toBeUndefined();
      }),
    );
  });

  test('never has more bytes than it may, whatever is in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 1500 });
    const anything = fc.anything({
      values: [text, fc.double(), fc.bigInt(), fc.uint8Array()],
      maxDepth: 2,
      maxKeys: 4,
    });
    fc.assert(
      fc.property(anything, fc.dictionary(text, anything), text, (body, attributes, name) => {
        const names = { severityText: name, eventName: name };
        expect(encode({ body, attributes, ...names, resource: { attributes } })).toHaveProperty('attributes');
      }),
      { numRuns: 25 },
    );
  });
});

describe('a record that cannot be read', () => {
  it('is dropped alone, without an offset', async () => {
    const drops: Drop[] = [];
    const { exporter, url } = await openExporter({ onDrop: (drop) => drops.push(drop) });
    const [first, second] = numbered(2);
    const unreadable: unknown = Object.defineProperty(logRecord(), 'body', { get: trap });
    await exportTo(exporter, [first, unreadable, null, second] as ReadableLogRecord[]);
    const watcher = await watchEvents(url);
    await watcher.untilCount('record', 2);
    expect(watcher.offsets).toEqual([0, 1]);
    expect(drops).toEqual([{ count: 2, reason: 'invalid' }]);
    expect(exporter.stats()).toMatchObject({ received: 4, passed: 2, dropped: { invalid: 2 }, held: 0 });
  });
});
