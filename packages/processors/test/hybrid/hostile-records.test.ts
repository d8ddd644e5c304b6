import { afterEach, beforeEach, expect, test } from 'vitest';

import { cleanUp, expectClosed, fakeTime, ScriptedExporter, settle, setUp, SUCCESS } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const trap = (): never => {
  throw new Error('trap');
};
const hostileProxy: object = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap });

test('no record can make an emit throw, and each is accounted for', async () => {
  const { exporter, processor } = setUp({}, new ScriptedExporter(SUCCESS));
  const base = { hrTime: [0, 0], attributes: {}, severityNumber: 17 };
  const records: unknown[] = [
    undefined,
    null,
    'text',
    {},
    hostileProxy,
    { attributes: null },
    { attributes: hostileProxy },
    { ...base, body: hostileProxy },
    { ...base, severityNumber: Symbol('17') },
    { ...base, severityNumber: 17n, body: 10n },
    { ...base, resource: hostileProxy },
    { ...base, attributes: Object.defineProperty({}, 'spillway.lane', { get: trap, enumerable: true }) },
    { ...base, attributes: { 'spillway.lane': hostileProxy } },
    Object.defineProperty({ ...base }, 'body', { get: trap }),
    Object.defineProperty({ ...base }, 'severityNumber', { get: trap }),
  ];
  for (const record of records) {
    expect(() => processor.onEmit(record as never)).not.toThrow();
    expectClosed(processor.stats());
  }
  await processor.forceFlush();
  const { received, passed, dropped, held } = processor.stats();
  expect(received).toBe(records.length);
  expect(held).toBe(0);
  expect(passed + (dropped.invalid ?? 0)).toBe(records.length);
  expect(exporter.bodies).toContain(10n);
});

test('a hostile context does no harm', async () => {
  const { processor, exporter } = setUp();
  processor.onEmit({ body: 1, attributes: {} } as never, { getValue: trap } as never);
  await settle();
  expect(processor.stats().dropped).toEqual({ invalid: 1 });
  expect(exporter.batches).toHaveLength(0);
});
