import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import {
  cleanUp,
  expectClosed,
  failed,
  fakeTime,
  pass,
  range,
  ScriptedExporter,
  settle,
  setUp,
  SUCCESS,
  watch,
} from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('a flush sends what waits for its delay at once, then flushes the exporter with what is left of its budget', async () => {
  const { exporter, processor, info } = setUp();
  info(0, 3);
  const flush = watch(processor.forceFlush({ timeoutMillis: 1000 }));
  expect(exporter.bodies).toEqual([0, 1, 2]);
  await pass(400);
  expect(exporter.calls).toEqual(['export']);
  exporter.batches[0]?.answer(SUCCESS);
  await settle();
  expect(exporter.calls).toEqual(['export', 'forceFlush']);
  expect(exporter.budgets).toEqual([600]);
  expect(flush.isSettled).toBe(true);
});

test('a flush of nothing still flushes the exporter, which may hold something', async () => {
  const { exporter, processor } = setUp();
  await processor.forceFlush();
  expect(exporter.calls).toEqual(['forceFlush']);
  expect(exporter.budgets).toEqual([30_000]);
});

test('100 flushes at once end when the records before each of them are settled, and not before', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 1, maxConcurrentExports: 101 });
  const flushes: { isSettled: boolean }[] = [];
  for (let index = 0; index < 100; index += 1) {
    info(index, index + 1);
    flushes.push(watch(processor.forceFlush()));
  }
  await settle();
  expect(exporter.bodies).toEqual(range(0, 100));
  expect(flushes.some(({ isSettled }) => isSettled)).toBe(false);
  // The last ones first, so that only the first answer settles anything.
  for (const { answer } of exporter.batches.slice(50).toReversed()) answer(SUCCESS);
  await settle();
  expect(flushes.some(({ isSettled }) => isSettled)).toBe(false);
  for (const [index, { answer }] of exporter.batches.slice(0, 50).entries()) {
    answer(SUCCESS);
    await settle();
    const settled = flushes.filter(({ isSettled }) => isSettled).length;
    expect(settled).toBe(index < 49 ? index + 1 : 100);
  }
});

test('flushes of the same exports share one flush of the exporter', async () => {
  const { exporter, processor, info } = setUp({}, new ScriptedExporter(SUCCESS));
  const finish: (() => void)[] = [];
  exporter.onFlush = () => new Promise((resolve) => void finish.push(resolve));
  info(0, 3);
  const flushes = range(0, 100).map(() => watch(processor.forceFlush()));
  await settle();
  expect(exporter.calls).toEqual(['export', 'forceFlush']);
  info(3, 4);
  const later = watch(processor.forceFlush());
  await settle();
  expect(exporter.calls).toEqual(['export', 'forceFlush', 'export', 'forceFlush']);
  finish[1]?.();
  await settle();
  expect(later.isSettled).toBe(true);
  expect(flushes.some(({ isSettled }) => isSettled)).toBe(false);
  await pass(30_000);
  expect(flushes.every(({ isSettled }) => isSettled)).toBe(true);
});

test('a flush that shares one with a smaller budget goes on after it', async () => {
  const { exporter, processor } = setUp();
  exporter.onFlush = () => new Promise(() => {});
  const short = watch(processor.forceFlush({ timeoutMillis: 100 }));
  const long = watch(processor.forceFlush({ timeoutMillis: 1000 }));
  await pass(100);
  expect([short.isSettled, long.isSettled]).toEqual([true, false]);
  expect(exporter.budgets).toEqual([100, 900]);
  await pass(900);
  expect(long.isSettled).toBe(true);
});

test('a flush does not wait for records that came after it', async () => {
  const { exporter, processor, info } = setUp();
  info(0, 1);
  const flush = watch(processor.forceFlush());
  info(1, 2);
  exporter.batches[0]?.answer(SUCCESS);
  await settle();
  expect(flush.isSettled).toBe(true);
  expect(processor.stats().queueSize).toBe(1);
});

test('a flush gives a batch that backs off one try at once, then waits with it', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2 });
  exporter.result = failed(503);
  info(0, 3);
  await settle();
  expect(exporter.batches).toHaveLength(1);
  const flush = watch(processor.forceFlush());
  expect(exporter.batches).toHaveLength(2);
  await settle();
  expect(flush.isSettled).toBe(false);
  exporter.result = SUCCESS;
  await pass(1000);
  expect(flush.isSettled).toBe(true);
  expect(exporter.bodies).toEqual([0, 1, 0, 1, 0, 1, 2]);
});

test('a flush ends at its deadline and leaves what it could not settle in place', async () => {
  const { exporter, processor, info } = setUp();
  info(0, 3);
  const flush = watch(processor.forceFlush({ timeoutMillis: 200 }));
  await pass(199);
  expect(flush.isSettled).toBe(false);
  await pass(1);
  expect(flush.isSettled).toBe(true);
  expect(processor.stats()).toMatchObject({ inFlight: 3, droppedTotal: 0 });
  exporter.batches[0]?.answer(SUCCESS);
  expect(processor.stats()).toMatchObject({ passed: 3, held: 0 });
});

test('a flush never rejects, whatever the exporter does', async () => {
  for (const onFlush of [
    () => Promise.reject(new Error('bug')),
    (): never => {
      throw new Error('bug');
    },
  ]) {
    const { exporter, processor, info } = setUp({}, new ScriptedExporter(SUCCESS));
    exporter.onFlush = onFlush;
    info(0, 1);
    await expect(processor.forceFlush()).resolves.toBeUndefined();
    info(1, 2);
    await expect(processor.forceFlush()).resolves.toBeUndefined();
    expect(processor.stats()).toMatchObject({ passed: 2, held: 0 });
  }
});

test('a budget that is none is the default', async () => {
  const { exporter, processor } = setUp();
  for (const timeoutMillis of [Number.NaN, -1, '5', null]) await processor.forceFlush({ timeoutMillis } as never);
  await processor.forceFlush({ timeoutMillis: Infinity });
  expect(exporter.budgets).toEqual([30_000, 30_000, 30_000, 30_000, Infinity]);
});

test('shutdown flushes, then shuts the exporter down after its last export was answered', async () => {
  const { exporter, processor, info, error } = setUp();
  info(0, 3);
  error(3, 4);
  const shutdown = watch(processor.shutdown());
  await settle();
  expect(exporter.calls).toEqual(['export', 'export']);
  for (const { answer } of exporter.batches) answer(SUCCESS);
  await settle();
  expect(exporter.calls).toEqual(['export', 'export', 'forceFlush', 'shutdown']);
  expect(exporter.budgets).toEqual([5000, 5000]);
  expect(shutdown.isSettled).toBe(true);
});

test('a second shutdown gets the same promise', async () => {
  const { exporter, processor } = setUp();
  const first = processor.shutdown();
  expect(processor.shutdown()).toBe(first);
  await first;
  expect(processor.shutdown()).toBe(first);
  expect(exporter.calls).toEqual(['forceFlush', 'shutdown']);
});

test('shutdown waits for a flush that runs, and a flush during shutdown for the shutdown', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 1 });
  info(0, 9);
  const flush = watch(processor.forceFlush());
  const shutdown = watch(processor.shutdown());
  const late = watch(processor.forceFlush());
  for (let index = 0; index < 9; index += 1) {
    await settle();
    expect(exporter.calls).not.toContain('shutdown');
    expect([flush, shutdown, late].some(({ isSettled }) => isSettled)).toBe(false);
    exporter.batches[index]?.answer(SUCCESS);
  }
  await settle();
  expect([flush, shutdown, late].every(({ isSettled }) => isSettled)).toBe(true);
  expect(exporter.calls.filter((call) => call !== 'export')).toEqual(['forceFlush', 'shutdown']);
});

test('one budget covers all stages of a shutdown, and what is left is dropped with its reason', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const { exporter, processor, info, error } = setUp({ maxExportBatchSize: 2, maxConcurrentExports: 2 });
  info(0, 8);
  await settle();
  exporter.batches[0]?.answer(failed());
  error(100, 101);
  await settle();
  expect(processor.stats()).toMatchObject({ waitingForRetry: 2, inFlight: 1, queueSize: 6 });
  exporter.onShutdown = () => new Promise(() => {});
  const shutdown = watch(processor.shutdown({ timeoutMillis: 300 }));
  await pass(299);
  expect(shutdown.isSettled).toBe(false);
  // Each stage is given a moment, even if the budget is spent.
  for (let stage = 0; stage < 3; stage += 1) await pass(1);
  expect(shutdown.isSettled).toBe(true);
  expect(exporter.calls.at(-1)).toBe('shutdown');
  expect(exporter.budgets.at(-1)).toBe(0);
  expect(processor.stats()).toMatchObject({ held: 0, dropped: { shutdown: 9 } });
  for (const { answer } of exporter.batches) answer(SUCCESS);
  expect(processor.stats()).toMatchObject({ passed: 0, dropped: { shutdown: 9 } });
});

test('records emitted after shutdown are counted, and nothing is enabled any more', async () => {
  const { exporter, processor } = setUp();
  expect(processor.enabled()).toBe(true);
  const shutdown = processor.shutdown();
  expect(processor.enabled()).toBe(false);
  processor.onEmit({ body: 1, attributes: {} } as never);
  await shutdown;
  processor.onEmit({ body: 2, attributes: {} } as never);
  expect(processor.stats()).toMatchObject({ received: 2, dropped: { shutdown: 2 }, held: 0 });
  await processor.forceFlush();
  processor.flushSync(10);
  expect(exporter.batches).toHaveLength(0);
});

test('after shutdown no timer is left', async () => {
  const { exporter, processor, info, error } = setUp({ maxExportBatchSize: 2 });
  info(0, 3);
  error(3, 4);
  await settle();
  exporter.batches[0]?.answer(failed());
  info(4, 5);
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  const shutdown = processor.shutdown({ timeoutMillis: 10 });
  await pass(10);
  await shutdown;
  expect(vi.getTimerCount()).toBe(0);
});

test('flushSync hands over everything at once, in any number of exports, and lets exporters keep it', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const { exporter, processor, info, error } = setUp({ maxExportBatchSize: 2, maxConcurrentExports: 2 });
  const flushSync = vi.fn<(deadlineMillis: number) => void>();
  Object.assign(exporter, { flushSync });
  info(0, 9);
  await settle();
  exporter.batches[0]?.answer(failed());
  error(100, 101);
  processor.flushSync(250);
  expect(exporter.bodies).toEqual([0, 1, 0, 1, 100, 2, 3, 4, 5, 6, 7, 8]);
  expect(flushSync.mock.calls).toEqual([[250]]);
  expectClosed(processor.stats());
  for (const { answer } of exporter.batches.slice(1)) answer(SUCCESS);
  expect(processor.stats()).toMatchObject({ passed: 10, held: 0 });
});

test('flushSync uses up no attempt of a batch whose pause is not over: a page is hidden often', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2, maxAttempts: 2 });
  exporter.result = failed();
  info(0, 2);
  await settle();
  for (let hidden = 0; hidden < 5; hidden += 1) processor.flushSync(1000);
  expect(exporter.batches).toHaveLength(6);
  expect(processor.stats()).toMatchObject({ held: 2, droppedTotal: 0 });
  await pass(60_000);
  expect(processor.stats()).toMatchObject({ held: 0, dropped: { retry_exhausted: 2 } });
  expect(exporter.batches).toHaveLength(7);
});

test('flushSync hands over records of any severity', () => {
  const { exporter, processor } = setUp();
  for (const severityNumber of [Symbol('17'), '17', 17n, {}, 9, undefined]) {
    processor.onEmit({ severityNumber, body: 1, attributes: {} } as never);
  }
  processor.flushSync(10);
  expect(exporter.bodies).toHaveLength(6);
  expectClosed(processor.stats());
});

test('flushSync ends when its time is over, and when the exporter only fails', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 1 });
  Object.assign(exporter, {
    flushSync: () => {
      throw new Error('bug');
    },
  });
  info(0, 10);
  exporter.result = failed();
  exporter.onExport = () => void vi.advanceTimersByTime(10);
  processor.flushSync(30);
  expect(exporter.bodies).toEqual([0, 1, 2]);
  processor.flushSync(1000);
  expect(exporter.bodies).toHaveLength(3 + 10);
  expectClosed(processor.stats());
});
