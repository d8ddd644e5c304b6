import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import { encode } from '../src/encode.ts';
import { CONTEXT, encodeOnce, hrTimeOf, makeRecord, NOW_MILLIS, OPTIONS } from './encode-options.ts';
import { expectLokiAccepts } from './loki-rules.ts';
import { allEntries, type PushEntry } from './push-request.ts';

const NEIGHBOUR = makeRecord({ body: 'neighbour' });
const DAY_MILLIS = 86_400_000;

/** What comes of one record between two healthy ones. */
function encodeBetween(record: ReadableLogRecord): PushEntry {
  const { payloads, drops } = encodeOnce([NEIGHBOUR, record, NEIGHBOUR]);
  const entries = allEntries(payloads);
  for (const entry of entries) expectLokiAccepts(entry);
  expect(drops).toEqual([]);
  expect(entries.filter(({ line }) => line === 'neighbour')).toHaveLength(2);
  return entries.find(({ line }) => line !== 'neighbour') as PushEntry;
}

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = { child: value };
  return value;
}

function throwing(): never {
  throw new Error('getter');
}

const circular: Record<string, unknown> = { name: 'loop' };
circular['self'] = circular;

const hostileProxy: object = new Proxy(
  {},
  { get: throwing, ownKeys: throwing, has: throwing, getPrototypeOf: throwing },
);

const BODIES: readonly [name: string, body: unknown, line: string][] = [
  ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
  ['a circular object', circular, '{"name":"loop","self":"[Circular]"}'],
  ['a bigint', 12n, '12'],
  ['a bigint inside', { big: 12n }, '{"big":"12"}'],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  [
    'a map',
    new Map([
      ['b', 1],
      ['a', 2],
    ]),
    '{"a":2,"b":1}',
  ],
  ['a set', new Set([1, 'x']), '[1,"x"]'],
  ['a typed array', new Float32Array([1.5, 2]), '[1.5,2]'],
  ['bytes', new Uint8Array([1, 2, 255]), 'AQL/'],
  ['NaN', Number.NaN, 'NaN'],
  ['NaN inside', [Number.NaN, Infinity], '["NaN","Infinity"]'],
  ['a symbol', Symbol('x'), 'Symbol(x)'],
  ['a function', throwing, '[Function throwing]'],
  ['a proxy that throws', hostileProxy, '[Unreadable]'],
  ['a getter that throws', Object.defineProperty({}, 'x', { get: throwing, enumerable: true }), '{"x":"[Unreadable]"}'],
  ['a key __proto__', JSON.parse('{"__proto__":{"x":1}}'), '{"__proto__":{"x":1}}'],
  ['toJSON that throws', { toJSON: throwing }, '[Unreadable]'],
];

describe('a record that Loki would refuse', () => {
  it.each(BODIES)('is repaired: a body of %s', (_, body, line) => {
    expect(encodeBetween(makeRecord({ body })).line).toBe(line);
  });

  it.each(BODIES)('is repaired: an attribute of %s', (_, value) => {
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes: { value } }));
    expect(Object.keys(metadata).some((name) => name.startsWith('value'))).toBe(true);
  });

  it('is repaired: an error as body keeps its message and its stack', () => {
    const { line } = encodeBetween(makeRecord({ body: new TypeError('no', { cause: new Error('why') }) }));
    expect(JSON.parse(line)).toMatchObject({ name: 'TypeError', message: 'no', cause: { message: 'why' } });
  });

  it('is repaired: depth 5,000 in body and attributes', () => {
    const { line, metadata } = encodeBetween(makeRecord({ body: nested(5000), attributes: { deep: nested(5000) } }));
    expect(line).toContain('"[Truncated]"');
    expect(Object.values(metadata)).toContain('[Truncated]');
  });

  it.each([
    'hrTime',
    'hrTimeObserved',
    'body',
    'attributes',
    'severityNumber',
    'severityText',
    'spanContext',
    'eventName',
  ])('is repaired: %s throws', (field) => {
    const record = Object.defineProperty(makeRecord({ body: 'x' }), field, { get: throwing });
    expect(encodeBetween(record).line).toBe(field === 'body' ? '[Unreadable]' : 'x');
  });

  it.each(['resource', 'instrumentationScope'])('is repaired: %s throws', (field) => {
    const record = Object.defineProperty(makeRecord({ body: 'x' }), field, { get: throwing });
    expect(encodeBetween(record).line).toBe('x');
  });

  it('is repaired: a record that is a proxy which throws', () => {
    expect(encodeBetween(hostileProxy as ReadableLogRecord).line).toBe('[Unreadable]');
  });

  it.each([null, undefined, 7, 'record'])('is dropped alone where it is none: %j', (record) => {
    const { payloads, drops } = encodeOnce([NEIGHBOUR, record as unknown as ReadableLogRecord, NEIGHBOUR]);
    expect(allEntries(payloads)).toHaveLength(2);
    expect(drops).toEqual([{ count: 1, reason: 'invalid' }]);
  });

  it('is repaired: names of symbols only, and empty ones, are spelled out', () => {
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes: { '': 1, é: 2, '$%': 3, __: 4, '😀': 5 } }));
    expect(metadata).toMatchObject({ key_empty: '1', key_e9: '2', key_24_25: '3', key_5f_5f: '4', key_1f600: '5' });
  });

  it('is repaired: of over 128 pairs, those of the application are left out first', () => {
    const attributes = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 'v']));
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes, severityNumber: 9 }));
    const left = Object.keys(metadata).filter((name) => name.startsWith('k')).length;
    expect(metadata).toMatchObject({ severity_number: '9', k0: 'v', spillway_omitted_metadata: String(200 - left) });
    expect(left).toBeGreaterThan(120);
    expect(metadata).not.toHaveProperty('k199');
  });

  it('keeps 128 pairs as they are', () => {
    const attributes = Object.fromEntries(Array.from({ length: 127 }, (_, index) => [`k${index}`, 'v']));
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes }));
    expect(Object.keys(metadata)).toHaveLength(128);
    expect(metadata).not.toHaveProperty('spillway_omitted_metadata');
  });

  it('is repaired: of over 64 KiB of metadata, the longest values are cut', () => {
    const attributes = { short: 's', long: 'é'.repeat(50_000), longer: 'x'.repeat(1_000_000) };
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes }));
    expect(metadata).toMatchObject({ short: 's', spillway_truncated: 'metadata' });
    expect(Buffer.byteLength(metadata['long'] as string)).toBeGreaterThan(30_000);
    expect(metadata['longer']?.length).toBeGreaterThan(30_000);
  });

  it('keeps 64 KiB of metadata as they are, whatever its characters', () => {
    const attributes = { two: 'é'.repeat(15_000), three: '世'.repeat(5000), four: '😀'.repeat(5000) };
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes }));
    expect(metadata).toMatchObject(attributes);
    expect(metadata).not.toHaveProperty('spillway_truncated');
  });

  it('is repaired: names so long that not all of them fit', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${'n'.repeat(2000)}${index}`, 'v']),
    );
    const { metadata } = encodeBetween(makeRecord({ body: 'x', attributes }));
    expect(Number(metadata['spillway_omitted_metadata'])).toBeGreaterThan(30);
    expect(Object.keys(metadata).length).toBeGreaterThan(50);
  });

  it.each([
    ['ASCII', 'x'.repeat(300_000), 262_144],
    ['two bytes each', 'é'.repeat(200_000), 262_144],
    ['three bytes each', '世'.repeat(100_000), 262_143],
    ['four bytes each', '😀'.repeat(70_000), 262_144],
    ['JSON', { list: Array.from({ length: 10_000 }, () => 'x'.repeat(40)) }, 262_144],
  ])('is repaired: a line over 256 KiB is cut between characters and marked, %s', (_, body, size) => {
    const { line, metadata } = encodeBetween(makeRecord({ body }));
    expect(Buffer.byteLength(line)).toBe(size);
    expect(metadata['spillway_truncated']).toBe('line');
  });

  it('keeps a line of 256 KiB as it is', () => {
    const { line, metadata } = encodeBetween(makeRecord({ body: 'x'.repeat(262_144) }));
    expect(line).toHaveLength(262_144);
    expect(metadata).not.toHaveProperty('spillway_truncated');
  });

  it('says so where both the line and the metadata are cut', () => {
    const record = makeRecord({ body: 'x'.repeat(300_000), attributes: { long: 'y'.repeat(100_000) } });
    expect(encodeBetween(record).metadata['spillway_truncated']).toBe('line,metadata');
  });

  it.each(
    [
      [Number.NaN, 0],
      [-1, 0],
      [1.5, 0],
      [1_795_224_243],
      'yesterday',
      undefined,
      null,
      [1e20, 0],
      ['1795224243', 0],
    ].map((time) => [time]),
  )('is repaired: the time %j is no time, and the one of observation stands in', (hrTime) => {
    const entry = encodeBetween(makeRecord({ body: 'x', hrTime, hrTimeObserved: hrTimeOf(NOW_MILLIS - 5) }));
    expect(entry.time).toBe(BigInt(NOW_MILLIS - 5) * 1_000_000n);
    expect(entry.metadata).not.toHaveProperty('observed_timestamp');
  });

  it('is repaired: without any time it is of now', () => {
    const entry = encodeBetween(makeRecord({ body: 'x', hrTime: [0, 0], hrTimeObserved: [Number.NaN, 0] }));
    expect(entry.time / 1_000_000n).toBe(BigInt(NOW_MILLIS));
  });

  it('is repaired: over 10 minutes ahead it is of now, and keeps its own time as metadata', () => {
    const entry = encodeBetween(makeRecord({ body: 'x', hrTime: hrTimeOf(NOW_MILLIS + 600_001, 7) }));
    expect(entry.time / 1_000_000n).toBe(BigInt(NOW_MILLIS));
    expect(entry.metadata['original_timestamp']).toBe(`${NOW_MILLIS + 600_001}000007`);
    const near = encodeBetween(makeRecord({ body: 'x', hrTime: hrTimeOf(NOW_MILLIS + 600_000) }));
    expect(near.time).toBe(BigInt(NOW_MILLIS + 600_000) * 1_000_000n);
  });

  it('is dropped alone as expired where it is older than 7 days', () => {
    const old = makeRecord({ hrTime: hrTimeOf(NOW_MILLIS - 7 * DAY_MILLIS - 1) });
    const edge = makeRecord({ hrTime: hrTimeOf(NOW_MILLIS - 7 * DAY_MILLIS) });
    const { payloads, drops } = encodeOnce([NEIGHBOUR, old, edge, old]);
    expect(allEntries(payloads)).toHaveLength(2);
    expect(drops).toEqual([{ count: 2, reason: 'expired' }]);
  });

  it('keeps labels within their limits', () => {
    const attributes = {
      'service.name': 'é'.repeat(5000),
      'service.namespace': 'a\ud800',
      'k8s.pod.name': { ['x'.repeat(3000)]: 1 },
    };
    const entry = encodeBetween(makeRecord({ body: 'x', resource: { attributes } }));
    expect(Buffer.byteLength(entry.labels['service_name'] as string)).toBe(2048);
    expect(entry.labels['service_namespace']).toBe('a?');
  });
});

describe('any batch at all', () => {
  const hostile: readonly unknown[] = [circular, hostileProxy, nested(200), throwing, 'x'.repeat(270_000), Symbol('s')];
  /** In a box, because fast-check reads properties of what it makes. */
  const anything: fc.Arbitrary<{ readonly value: unknown }> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
        })
        .map((value) => ({ value })),
    },
    { weight: 1, arbitrary: fc.nat(hostile.length - 1).map((index) => ({ value: hostile[index] })) },
  );
  const fieldName = fc.constantFrom(
    ...(Object.keys(makeRecord()) as (keyof ReadableLogRecord)[]),
    'severityNumber' as const,
    'severityText' as const,
    'spanContext' as const,
    'eventName' as const,
  );
  const attributes = fc
    .dictionary(fc.string({ unit: 'binary' }), anything, { maxKeys: 5 })
    .map((table) => Object.fromEntries(Object.entries(table).map(([key, { value }]) => [key, value])));
  /** Records with a field or two replaced by anything, among them what throws. */
  const boxedRecord = fc.oneof(
    anything,
    fc
      .tuple(anything, attributes)
      .map(([{ value }, table]) => ({ value: makeRecord({ body: value, attributes: table }) })),
    fc.tuple(fieldName, anything).map(([name, { value }]) => ({ value: makeRecord({ [name]: value }) })),
    attributes.map((table) => ({
      value: makeRecord({ resource: { attributes: table }, instrumentationScope: { name: 'x', attributes: table } }),
    })),
  ) as fc.Arbitrary<{ readonly value: ReadableLogRecord }>;

  it('comes out whole: never a throw, each record encoded or dropped, nothing that Loki would refuse', () => {
    fc.assert(
      fc.property(fc.array(fc.array(boxedRecord, { maxLength: 8 }), { maxLength: 3 }), (list) => {
        const state = new EncodeState({ ...OPTIONS, labels: ['a', 'b'], maxStreams: 2, schemaVersion: true });
        for (const boxes of list) {
          const records = boxes.map(({ value }) => value);
          const { payloads, drops } = encode(records, state, CONTEXT);
          const entries = allEntries(payloads);
          for (const entry of entries) expectLokiAccepts(entry);
          expect(entries.length + drops.reduce((sum, { count }) => sum + count, 0)).toBe(records.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
