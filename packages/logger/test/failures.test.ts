import { diag } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { Logger, recordingHandler, toHandler } from '@spillway/logger';
import { afterEach, expect, test, vi } from 'vitest';

import { expectBalance, listenToDiag, never, rejecting, throwing } from './harness.ts';
import { ReportLimit } from '../src/standalone/report-limit.ts';

afterEach(() => {
  vi.useRealTimers();
  diag.disable();
});

test('every record is accounted for, in the logger and in each handler, whatever the handlers do', async () => {
  const kinds = fc.constantFrom('sync', 'async', 'throws', 'rejects', 'hangs', 'logs');
  await fc.assert(
    fc.asyncProperty(
      fc.array(kinds, { minLength: 1, maxLength: 4 }),
      fc.nat(8),
      fc.nat(3),
      async (plan, count, late) => {
        const doing = {
          sync: () => {},
          async: async () => {},
          throws: throwing,
          rejects: rejecting,
          hangs: never,
          logs: () => void logger.info('from a handler'),
        };
        const handlers = plan.map((kind) => () => doing[kind]());
        const logger: Logger = new Logger({ handlers, fallbackHandler: () => {}, maxPending: 3 });
        for (let index = 0; index < count; index += 1) void logger.info('text');
        expectBalance(logger);
        await logger.shutdown({ timeoutMillis: 1 });
        for (let index = 0; index < late; index += 1) void logger.info('late');
        const { received, passed, created, dropped, held } = logger.stats();
        const own = plan.filter((kind) => kind === 'logs').length * count;
        expect({ received, passed: passed - created, held }).toEqual({
          received: count + own + late,
          passed: count,
          held: 0,
        });
        expect(dropped).toEqual({ ...(own > 0 && { suppressed: own }), ...(late > 0 && { shutdown: late }) });
        plan.forEach((kind, index) => {
          const account = logger.stats().handlers[index];
          expect(account).toMatchObject({ received: count, held: 0 });
          const passing: Record<string, number> = { sync: count, logs: count, async: Math.min(count, 3) };
          expect(account?.passed).toBe(passing[kind] ?? 0);
        });
        expectBalance(logger);
      },
    ),
    { numRuns: 40 },
  );
});

const succeed = (_: unknown, answer: (result: object) => void): void => answer({ code: 0 });

test('calls that are pending are bounded for each handler, and what is beyond is told', async () => {
  const said = listenToDiag();
  const good = recordingHandler({ onRecord: async () => {} });
  const logger = new Logger({ handlers: [never, good], fallbackHandler: () => {}, maxPending: 10 });
  for (let index = 0; index < 100; index += 1) void logger.info('text');
  await new Promise((resolve) => setImmediate(resolve));
  expect(logger.stats().handlers).toMatchObject([
    { received: 100, passed: 0, dropped: { queue_full: 90 }, held: 10 },
    { received: 100, dropped: { queue_full: 90 }, passed: 10 },
  ]);
  expect(said.some((text) => text.includes('records for handlers[0] dropped'))).toBe(true);
  await logger.shutdown({ timeoutMillis: 1 });
  expect(logger.stats().handlers[0]).toMatchObject({ dropped: { queue_full: 90, shutdown: 10 }, held: 0 });
});

test('a handler that logs is not told of what it has logged, before or after an await', async () => {
  const other = recordingHandler();
  let count = 0;
  const logger: Logger = new Logger({
    name: 'app',
    handlers: [
      async () => {
        count += 1;
        await logger.info('at once');
        await new Promise((resolve) => setImmediate(resolve));
        await logger.child('part').error('later');
      },
      other,
    ],
  });
  await logger.info('text');
  expect(count).toBe(1);
  expect(other.records.map(({ body }) => body)).toEqual(['text']);
  expect(logger.stats()).toMatchObject({ received: 3, passed: 1, dropped: { suppressed: 2 } });
  await logger.info('again');
  expect(count).toBe(2);
  await logger.shutdown();
});

test('a fallback that logs, and fails, leads to nothing more', async () => {
  const said = listenToDiag();
  let count = 0;
  const logger: Logger = new Logger({
    handlers: [throwing],
    fallbackHandler: async () => {
      count += 1;
      void logger.error('from the fallback');
      await Promise.resolve();
      void logger.error('from the fallback');
      throw new RangeError('fallback');
    },
  });
  await logger.info('text');
  await logger.forceFlush();
  expect(count).toBe(1);
  expect(logger.stats()).toMatchObject({ received: 3, created: 1, dropped: { suppressed: 2 } });
  expect(said.some((text) => text.includes('The fallback handler failed: RangeError: fallback'))).toBe(true);
  await logger.shutdown();
});

test('failures beyond the limit are counted, and the next report tells how many they were', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'], now: 0 });
  const said = listenToDiag();
  const fallback = recordingHandler();
  const logger = new Logger({ handlers: [throwing], fallbackHandler: fallback });
  for (let index = 0; index < 150; index += 1) void logger.info('text');
  expect(fallback.records).toHaveLength(100);
  vi.advanceTimersByTime(100);
  void logger.info('text');
  expect(fallback.records.at(-1)?.attributes['spillway.handler.unreported_failures']).toBe(50);
  expect(logger.stats().handlers[0]?.dropped).toEqual({ rejected: 151 });
  expect(said.some((text) => text.includes('fail more often'))).toBe(true);
  vi.useRealTimers();
  await logger.shutdown();
});

test('a limit of reports allows a burst, then its rate, and forgets no failure', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 400 }), (pauses) => {
      const limit = new ReportLimit();
      let now = 1000;
      let told = 0;
      let unreported = 0;
      for (const pause of pauses) {
        now += pause;
        const before = limit.take(now);
        expect([undefined, unreported]).toContain(before);
        told += before === undefined ? 0 : 1;
        unreported = before === undefined ? unreported + 1 : 0;
      }
      expect(told).toBeLessThanOrEqual(100 + (now - 1000) / 100 + 1);
      expect(told).toBeGreaterThanOrEqual(Math.min(pauses.length, 100));
    }),
  );
});

test('what is told of a large record is bounded', async () => {
  const fallback = recordingHandler();
  const logger = new Logger({ handlers: [throwing], fallbackHandler: fallback });
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, ['x'.repeat(10_000)]]));
  await logger.info('x'.repeat(100_000), 'topic', many);
  expect(JSON.stringify(fallback.records[0]).length).toBeLessThan(25_000);
  await logger.shutdown();
});

test('a handler that spoils its record before it fails is reported as any other', async () => {
  const fallback = recordingHandler();
  const logger = new Logger({
    handlers: [
      (record) => {
        for (const key of Object.keys(record)) Reflect.set(record, key, null);
        throwing();
      },
    ],
    fallbackHandler: fallback,
  });
  await logger.info('text');
  expect(fallback.records[0]?.attributes['spillway.failed_record.body']).toBe('text');
  await logger.shutdown();
});

test('what is no error is told as well', async () => {
  const fallback = recordingHandler();
  const thrown: unknown[] = [
    'text',
    { code: 7 },
    undefined,
    new Proxy({}, { get: throwing, getPrototypeOf: throwing }),
  ];
  let index = 0;
  const logger = new Logger({
    handlers: [
      () => {
        throw thrown[index++];
      },
    ],
    fallbackHandler: fallback,
  });
  for (const _ of thrown) await logger.info('text');
  const messages = fallback.records.map(({ attributes }) => attributes['exception.message']);
  expect(messages).toEqual(['text', '{"code":7}', 'null', '[Unreadable]']);
  await logger.shutdown();
});

test('a flush waits for what is pending, and for the fallback', async () => {
  const finish: (() => void)[] = [];
  const slow = (): Promise<void> => new Promise((resolve) => void finish.push(resolve));
  const logger = new Logger({ handlers: [slow, throwing], fallbackHandler: () => slow() });
  void logger.info('text');
  let isFlushed = false;
  const flush = logger.forceFlush().then(() => (isFlushed = true));
  for (const index of [0, 1]) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFlushed).toBe(false);
    finish[index]?.();
  }
  await flush;
  await logger.shutdown();
});

test('a flush and a shutdown end in time where a handler hangs, release who waits, and say so', async () => {
  const fallback = recordingHandler();
  const shutdown = vi.fn<() => Promise<void>>(async () => {});
  const exporter = { export: () => {}, forceFlush: never, shutdown };
  const logger = new Logger({ handlers: [toHandler(exporter)], fallbackHandler: fallback });
  const answer = logger.info('text');
  await logger.forceFlush({ timeoutMillis: 1 });
  expect(fallback.records[0]?.attributes).toMatchObject({
    'exception.type': 'DelegateTimeoutError',
    'spillway.handler.operation': 'forceFlush',
  });
  await logger.shutdown({ timeoutMillis: 10 });
  await answer;
  expect(shutdown).toHaveBeenCalledOnce();
  expect(logger.stats().handlers[0]).toMatchObject({ received: 1, dropped: { shutdown: 1 }, held: 0 });
});

test('an exporter that fails to flush and to shut down is told, and the other is shut down all the same', async () => {
  const fallback = recordingHandler();

  const shutdown = vi.fn<() => Promise<void>>(async () => {});
  const broken = { export: succeed, forceFlush: rejecting, shutdown: throwing };
  const good = { export: succeed, forceFlush: async () => {}, shutdown };
  const logger = new Logger({
    handlers: [toHandler(broken as never), toHandler(good as never)],
    fallbackHandler: fallback,
  });
  await logger.info('text');
  await logger.shutdown();
  const operations = fallback.records.map(({ attributes }) => attributes['spillway.handler.operation']);
  expect(operations).toEqual(['forceFlush', 'shutdown']);
  expect(shutdown).toHaveBeenCalledOnce();
});

test('what is logged after a shutdown is counted, and reaches no handler', async () => {
  const said = listenToDiag();
  const recording = recordingHandler();
  const logger = new Logger({ handlers: [recording] });
  await logger.shutdown();
  await logger.info('late', 'topic', { a: 1 });
  await logger.child('x').info('late');
  expect(recording.records).toEqual([]);
  expect(logger.stats()).toMatchObject({ received: 2, passed: 0, dropped: { shutdown: 2 }, held: 0 });
  expect(said.some((text) => text.includes('dropped since the start'))).toBe(true);
});
