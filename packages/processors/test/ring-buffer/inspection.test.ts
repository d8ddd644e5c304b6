import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { RingBufferStats } from '@spillway/processors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, collectDiagnostics, ERROR, expectClosed, fakeTime, INFO, setUp, traceIdOf, WARN } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('a snapshot shows what is held over all scopes in order, and changes nothing', () => {
  const { delegate, processor, emit } = setUp();
  emit(2, INFO, 'a');
  emit(1, INFO, 'b');
  emit(2, INFO, 'c');
  const before = processor.stats();
  expect(processor.snapshot().map(({ body }) => body)).toEqual(['a', 'b', 'c']);
  const ofTrace = processor.snapshot(({ spanContext }) => spanContext?.traceId === traceIdOf(2));
  expect(ofTrace.map(({ body }) => body)).toEqual(['a', 'c']);
  expect(processor.stats()).toEqual(before);
  emit(2, ERROR, 'error');
  expect(delegate.lines).toEqual(['(a)', '(c)', 'error']);
});

test('what is done to a record of a snapshot does not reach the one that is held', () => {
  const { delegate, processor, logger, emit } = setUp();
  logger.emit({ severityNumber: INFO, body: { list: [1] }, attributes: { list: ['a'], nothing: null, text: 'x' } });
  const [copy] = processor.snapshot((record) => {
    (record as ReadWriteLogRecord).setBody('changed').setAttribute('added', true);
    return true;
  });
  expect(copy?.body).toBe('changed');
  const [other] = processor.snapshot();
  Object.assign(other?.body as object, { list: [2] });
  Object.assign(other?.attributes['list'] as object, { 0: 'b' });
  emit(0, ERROR, 'error');
  const [released] = delegate.records;
  expect(released?.body).toEqual({ list: [1] });
  expect(released?.attributes).toEqual({ list: ['a'], nothing: null, text: 'x', 'log.buffered': true });
});

test('a filter that throws costs a diagnostic, and its record is shown', () => {
  const messages = collectDiagnostics();
  const { processor, emit } = setUp();
  emit(1, INFO, 'a', 'b');
  const records = processor.snapshot(() => {
    throw new Error('trap');
  });
  expect(records).toHaveLength(2);
  expect(processor.snapshot('no function' as never)).toHaveLength(2);
  expect(messages).toHaveLength(1);
});

test('copies: everything passes at once, and the last records stay to be looked at', () => {
  const { delegate, processor, emit } = setUp({ mode: 'copy', maxRecords: 3, ttlMillis: 1000 });
  emit(1, INFO, 'a', 'b');
  emit(2, ERROR, 'c');
  emit(0, WARN, 'd');
  expect(delegate.lines).toEqual(['a', 'b', 'c', 'd']);
  expect(processor.snapshot().map(({ body }) => body)).toEqual(['b', 'c', 'd']);
  expect(processor.stats()).toMatchObject({ received: 4, passed: 4, held: 0, droppedTotal: 0 });
  expect(processor.stats()).toMatchObject({ bufferedRecords: 3, evicted: 1, triggers: 0, pressure: 1 });
  expect(processor.releaseAll()).toBe(0);
  expect(processor.release(traceIdOf(1))).toBe(0);
  expect(delegate.records).toHaveLength(4);
  vi.advanceTimersByTime(1100);
  expect(processor.stats()).toMatchObject({ bufferedRecords: 0, expired: 3, droppedTotal: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test('copies of everything are in one ring, which keeps the last ones however old they are', () => {
  const { processor, emit } = setUp({ mode: 'copy', maxRecords: 2000 });
  for (let trace = 0; trace < 1500; trace += 1) emit(trace, INFO, `first ${trace}`);
  vi.advanceTimersByTime(3_600_000);
  emit(0, INFO, ...Array.from({ length: 1500 }, (_, index) => `second ${index}`));
  const bodies = processor.snapshot().map(({ body }) => String(body));
  expect(bodies).toHaveLength(2000);
  expect([bodies[0], bodies[499], bodies[500]]).toEqual(['first 1000', 'first 1499', 'second 0']);
  expect(processor.stats()).toMatchObject({ scopes: 1, evicted: 1000, expired: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test('copies have the values that records came with, not those that the delegate gave them', () => {
  const { delegate, processor, emit } = setUp({ mode: 'copy' });
  let held = 0;
  delegate.onRecord = (record) => {
    record.setAttribute('delegate', 'was here').setBody('changed');
    held = processor.stats().bufferedRecords;
  };
  emit(1, INFO, 'a');
  expect(held).toBe(1);
  expect(processor.snapshot()).toMatchObject([{ body: 'a', attributes: {} }]);
});

test('backpressure is told once for each time that the rings fill, and health follows the pressure', () => {
  const told: RingBufferStats[] = [];
  const onBackpressure = (stats: RingBufferStats): void => void told.push(stats);
  const { processor, emit } = setUp({ maxRecords: 10, onBackpressure, passThroughMillis: 0 });
  emit(1, INFO, 1, 2, 3, 4, 5, 6, 7);
  expect([told.length, processor.isHealthy()]).toEqual([0, true]);
  emit(1, INFO, 8);
  expect([told.length, processor.isHealthy()]).toEqual([1, false]);
  expect(told[0]).toMatchObject({ bufferedRecords: 8, pressure: 0.8 });
  for (let body = 9; body < 100; body += 1) emit(1, INFO, body);
  expect(told).toHaveLength(1);
  emit(1, ERROR, 'error');
  expect(processor.isHealthy()).toBe(true);
  emit(1, INFO, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  expect(told).toHaveLength(2);
  vi.advanceTimersByTime(40_000);
  emit(1, INFO, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  expect(told).toHaveLength(3);
});

test('pressure counts bytes as well, and a record that fills the rings at once is told', () => {
  const told: number[] = [];
  const onBackpressure = ({ pressure }: RingBufferStats): void => void told.push(pressure);
  const { processor, emit } = setUp({ maxBytes: 10_000, backpressureThreshold: 0.5, onBackpressure });
  for (let round = 0; round < 3; round += 1) {
    emit(1, INFO, 'x'.repeat(6000));
    processor.releaseAll();
  }
  expect(told).toHaveLength(3);
  expect(Math.min(...told)).toBeGreaterThan(0.6);
});

test('an onBackpressure that throws, rejects, logs or releases does no harm', async () => {
  const messages = collectDiagnostics();
  const acts: (() => unknown)[] = [
    () => {
      throw new Error('trap');
    },
    () => Promise.reject(new Error('trap')),
    () => setup.emit(1, INFO, 1, 2, 3),
    () => {
      setup.processor.releaseAll();
      setup.emit(1, INFO, 1, 2, 3, 4);
    },
  ];
  const setup = setUp({ maxRecords: 4, onBackpressure: () => acts.shift()?.() as undefined });
  const count = acts.length;
  for (let round = 0; round < count; round += 1) {
    setup.processor.releaseAll();
    setup.emit(1, INFO, 1, 2, 3, 4);
    expect(acts).toHaveLength(count - 1 - round);
    expectClosed(setup.processor.stats());
  }
  await Promise.resolve();
  expect(messages).toHaveLength(1);
});

test('an onBackpressure that releases and fills the rings again is not called because of that', () => {
  let calls = 0;
  const onBackpressure = (): void => {
    calls += 1;
    setup.processor.releaseAll();
    setup.emit(1, INFO, 1, 2, 3, 4);
  };
  const setup = setUp({ maxRecords: 4, onBackpressure });
  setup.emit(1, INFO, 1, 2, 3, 4);
  expect(calls).toBe(1);
  setup.processor.releaseAll();
  setup.emit(1, INFO, 1, 2, 3, 4);
  expect(calls).toBe(2);
});
