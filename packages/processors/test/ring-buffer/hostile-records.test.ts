import { afterEach, beforeEach, expect, test } from 'vitest';

import { cleanUp, Collector, ERROR, expectClosed, fakeTime, INFO, setUp } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const trap = (): never => {
  throw new Error('trap');
};
const hostileProxy: object = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap });

const base = { hrTime: [1, 1], attributes: {}, severityNumber: INFO, body: 'text' };
const hostile: readonly unknown[] = [
  undefined,
  null,
  'record',
  {},
  hostileProxy,
  { ...base, attributes: null },
  { ...base, attributes: hostileProxy },
  { ...base, attributes: { value: hostileProxy } },
  { ...base, attributes: JSON.parse('{"__proto__":{"polluted":true}}') },
  { ...base, body: hostileProxy },
  { ...base, body: { toJSON: trap } },
  { ...base, severityNumber: 1n },
  { ...base, severityNumber: Symbol('9') },
  { ...base, spanContext: 'span' },
  { ...base, spanContext: null },
  { ...base, spanContext: { traceId: 5 } },
  { ...base, spanContext: { traceId: 'x'.repeat(100_000) } },
  { ...base, spanContext: hostileProxy },
  Object.defineProperty({ ...base }, 'spanContext', { get: trap }),
  Object.defineProperty({ ...base }, 'body', { get: trap }),
];

test('records that are none, or that throw when they are read, are held, passed or dropped, never thrown', async () => {
  for (const options of [{}, { untriggered: new Collector(), maxRecords: 3 }, { mode: 'copy' as const }]) {
    const { processor, delegate } = setUp(options);
    delegate.onRecord = trap;
    for (const record of hostile) {
      expect(() => processor.onEmit(record as never)).not.toThrow();
      const stats = processor.stats();
      expect(stats.received).toBe(stats.passed + stats.droppedTotal + stats.held);
    }
    expect(() => processor.snapshot()).not.toThrow();
    processor.onEmit({ ...base, severityNumber: ERROR } as never);
    processor.releaseAll();
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ received: hostile.length + 1, held: 0 });
    expectClosed({ ...processor.stats(), bufferedRecords: 0 });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  }
});

test('a record that cannot be copied passes without a copy where everything passes', () => {
  const { delegate, processor } = setUp({ mode: 'copy' });
  processor.onEmit({ ...base, attributes: hostileProxy } as never);
  expect(delegate.records).toHaveLength(1);
  expect(processor.stats()).toMatchObject({ passed: 1, bufferedRecords: 0, droppedTotal: 0 });
});

test('a record that cannot be read is dropped also where it is logged while another is handed on', () => {
  const { delegate, processor, emit } = setUp();
  delegate.onRecord = ({ body }) => {
    if (body === 'error') processor.onEmit({ ...base, severityNumber: ERROR, attributes: hostileProxy } as never);
  };
  emit(1, ERROR, 'error');
  expect(processor.stats()).toMatchObject({ received: 2, passed: 1, dropped: { invalid: 1 }, held: 0 });
});
