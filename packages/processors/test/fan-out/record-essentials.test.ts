import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { recordEssentials } from '../../src/fan-out/record-essentials.ts';
import { hostileProxy } from '../decorator/stub-processor.ts';

test('the essentials of a record are what tells it from others, as plain values', () => {
  const record = {
    hrTime: [1_700_000_000, 123_456_789],
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'order.taken',
    body: { order: 7 },
    instrumentationScope: { name: 'orders' },
    spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
    attributes: { secret: 'stays out' },
  };
  expect(recordEssentials(record as never)).toEqual({
    timestamp: '2023-11-14T22:13:20.123Z',
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'order.taken',
    body: '{"order":7}',
    scopeName: 'orders',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  });
});

test('what a record does not have is absent', () => {
  expect(Object.keys(recordEssentials({ hrTime: [0, 0], attributes: {}, body: undefined } as never))).toEqual([
    'timestamp',
  ]);
});

test('a body is cut at 256 characters, and never within one', () => {
  expect(recordEssentials({ body: 'x'.repeat(300) } as never).body).toHaveLength(256);
  expect(recordEssentials({ body: `${'x'.repeat(255)}😀` } as never).body).toBe('x'.repeat(255));
});

test('any record can be read, and its essentials are texts and numbers', () => {
  const names = [
    'hrTime',
    'severityNumber',
    'severityText',
    'eventName',
    'body',
    'instrumentationScope',
    'spanContext',
  ];
  const value = fc.anything({ withBigInt: true, withNullPrototype: true });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.constantFrom(...names, ''), (record, hostile) => {
      const essentials = recordEssentials({ ...record, [hostile]: hostileProxy } as never);
      for (const essential of Object.values(essentials)) expect(['string', 'number']).toContain(typeof essential);
    }),
  );
  expect(recordEssentials(hostileProxy as never)).toEqual({});
});
