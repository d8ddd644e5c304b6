import { AsyncLocalStorage } from 'node:async_hooks';

import { type Context, context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { type LogRecordExporter, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordDrop } from '@spillway/processors';
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
} from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

/** Longer than any backoff of the second wait. */
const BACKOFF_MILLIS = 2000;

test('an exporter that throws or rejects has failed', async () => {
  for (const misbehave of [
    (): void => {
      throw new Error('bug');
    },
    (): Promise<never> => Promise.reject(new Error('bug')),
    (): Promise<never> => Promise.reject(undefined),
  ]) {
    const { exporter, processor, info } = setUp({ maxAttempts: 1, maxExportBatchSize: 1 });
    exporter.export = misbehave;
    info(0, 1);
    await settle();
    expect(processor.stats()).toMatchObject({ held: 0, dropped: { retry_exhausted: 1 } });
  }
});

test('what an exporter answers after it threw or answered is ignored', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 1 });
  exporter.onExport = ({ answer }) => {
    answer(SUCCESS);
    answer(failed());
    answer(SUCCESS);
    throw new Error('bug');
  };
  info(0, 3);
  await settle();
  await settle();
  expect(processor.stats()).toMatchObject({ passed: 3, held: 0, droppedTotal: 0 });
});

test('an answer that is no result is a failure', async () => {
  for (const result of [
    undefined,
    null,
    {},
    { code: '0' },
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
  ]) {
    const { exporter, processor, info } = setUp({ maxAttempts: 1, maxExportBatchSize: 1 });
    exporter.onExport = ({ answer }) => answer(result as never);
    info(0, 1);
    await settle();
    expect(processor.stats().dropped).toEqual({ retry_exhausted: 1 });
  }
});

test('an exporter that never answers costs its batches after the timeout, and blocks nothing for longer', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 1, maxConcurrentExports: 1 });
  info(0, 3);
  await pass(29_999);
  expect(exporter.batches).toHaveLength(1);
  await pass(1);
  await settle();
  expect(exporter.batches).toHaveLength(2);
  expect(processor.stats()).toMatchObject({ dropped: { expired: 1 }, inFlight: 1, queueSize: 1 });
  exporter.batches[0]?.answer(SUCCESS);
  expect(processor.stats()).toMatchObject({ passed: 0, dropped: { expired: 1 } });
});

test('an exporter that empties its array does not make us forget what we answer for', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 3 });
  exporter.onExport = ({ records, answer }) => {
    records.length = 0;
    answer(exporter.batches.length === 1 ? failed() : SUCCESS);
  };
  info(0, 3);
  await pass(BACKOFF_MILLIS);
  expect(exporter.batches.map(({ bodies }) => bodies)).toEqual([range(0, 3), range(0, 3)]);
  expect(processor.stats()).toMatchObject({ passed: 3, held: 0 });
});

test('a batch that failed is offered again with the same records before anything newer of its lane', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2, maxConcurrentExports: 3 });
  info(0, 10);
  await settle();
  expect(exporter.bodies).toEqual(range(0, 4));
  exporter.batches[1]?.answer(failed(503));
  await settle();
  exporter.batches[0]?.answer(failed());
  await pass(499);
  expect(exporter.batches).toHaveLength(2);
  expect(processor.stats()).toMatchObject({ waitingForRetry: 4, inFlight: 0, queueSize: 6 });
  expectClosed(processor.stats());
  exporter.result = SUCCESS;
  await pass(1);
  await settle();
  expect(exporter.bodies.slice(4)).toEqual(range(0, 10));
  expect(processor.stats()).toMatchObject({ passed: 10, held: 0 });
});

test('a batch is offered no more often than allowed, with growing pauses', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const drops: LogRecordDrop[] = [];
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2, onDrop: (drop) => drops.push(drop) });
  exporter.result = failed(503);
  info(0, 2);
  await settle();
  expect(exporter.batches).toHaveLength(1);
  await pass(1000);
  expect(exporter.batches).toHaveLength(2);
  await pass(1900);
  expect(exporter.batches).toHaveLength(2);
  await pass(100);
  expect(exporter.batches).toHaveLength(3);
  expect(processor.stats()).toMatchObject({ held: 0, dropped: { retry_exhausted: 2 } });
  expect(drops.map(({ record, error, reason }) => [record.body, error?.message, reason])).toEqual([
    [0, 'refused', 'retry_exhausted'],
    [1, 'refused', 'retry_exhausted'],
  ]);
});

test('a refusal that would be repeated is final', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2 });
  exporter.result = failed(400);
  info(0, 2);
  await settle();
  expect(exporter.batches).toHaveLength(1);
  expect(processor.stats()).toMatchObject({ held: 0, dropped: { rejected: 2 } });
});

test('immediate records that fail go to the front of the batch lane, apart from others', async () => {
  const { exporter, processor, info, error } = setUp();
  info(0, 3);
  error(100, 102);
  await settle();
  expect(exporter.bodies).toEqual([100, 101]);
  exporter.batches[0]?.answer(failed(400));
  await settle();
  expect(exporter.batches.map(({ bodies }) => bodies)).toEqual([
    [100, 101],
    [100, 101],
  ]);
  exporter.batches[1]?.answer(failed(400));
  expect(processor.stats()).toMatchObject({ dropped: { rejected: 2 }, queueSize: 3 });
});

test('immediate records that fail go to the exporter of the batch lane, which need not be down as well', async () => {
  const immediateExporter = new ScriptedExporter(failed(503));
  const { exporter, processor, error } = setUp({ immediateExporter }, new ScriptedExporter(SUCCESS));
  error(0, 3);
  await settle();
  expect(immediateExporter.bodies).toEqual(range(0, 3));
  expect(exporter.bodies).toEqual(range(0, 3));
  expect(processor.stats()).toMatchObject({ passed: 3, held: 0 });
});

test('in an outage the immediate lane makes few requests and stays within its bounds', async () => {
  const { exporter, processor, error } = setUp({ maxQueueSize: 100, maxExportBatchSize: 10 });
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  exporter.result = failed(503);
  for (let index = 0; index < 500; index += 1) {
    error(index, index + 1);
    await Promise.resolve();
    expectClosed(processor.stats());
  }
  await settle();
  expect(exporter.batches).toHaveLength(5);
  expect(processor.stats()).toMatchObject({ queueSize: 60, waitingForRetry: 41, dropped: { queue_full: 399 } });
});

test('records that our own sending causes are dropped, as far as the context reaches', async () => {
  const storage = new AsyncLocalStorage<Context>();
  const contextManager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, operation, thisArgument, ...args) => storage.run(active, () => operation.apply(thisArgument, args)),
    bind: (_context, target) => target,
    enable: () => contextManager,
    disable: () => contextManager,
  };
  for (const hasContextManager of [true, false]) {
    const { exporter, processor, logger, error } = setUp();
    const logError = (): void => logger.emit({ severityNumber: 17, body: 'request sent' });
    exporter.onExport = ({ answer }) => {
      logError();
      if (hasContextManager) setImmediate(logError);
      answer(SUCCESS);
    };
    exporter.onFlush = async () => logError();
    if (hasContextManager) context.setGlobalContextManager(contextManager);
    error(0, 1);
    await settle();
    await processor.forceFlush();
    context.disable();
    expect(exporter.batches).toHaveLength(1);
    expect(processor.stats()).toMatchObject({ passed: 1, dropped: { suppressed: hasContextManager ? 3 : 2 } });
  }
});

test('an exporter that logs errors of its own does not keep the event loop to itself', async () => {
  const { exporter, logger, error } = setUp();
  exporter.onExport = ({ answer }) => {
    void Promise.resolve().then(() => {
      logger.emit({ severityNumber: 17, body: 'request sent' });
      answer(SUCCESS);
    });
  };
  error(0, 1);
  let turns = 0;
  for (; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(exporter.batches.length).toBeLessThan(10);
});

test('records wait for the attributes of their resource, in order, and not for ever', async () => {
  for (const isHanging of [false, true]) {
    const resource = {
      attributes: {},
      asyncAttributesPending: true,
      waitForAsyncAttributes: () => new Promise<void>((resolve) => void (isHanging || setTimeout(resolve, 5000))),
      merge: () => resource,
      getRawAttributes: () => [],
    };
    const exporter: ScriptedExporter = new ScriptedExporter(SUCCESS);
    const { processor } = setUp({ maxExportBatchSize: 2 }, exporter);
    const logger = new LoggerProvider({ resource, processors: [processor] }).getLogger('test');
    for (let body = 0; body < 5; body += 1) logger.emit({ body });
    logger.emit({ severityNumber: 17, body: 'error' });
    const flush = processor.forceFlush({ timeoutMillis: 60_000 });
    await pass(isHanging ? 29_999 : 4999);
    expect(exporter.batches).toHaveLength(0);
    await pass(1);
    await flush;
    expect(exporter.bodies.filter((body) => body !== 'error')).toEqual(range(0, 5));
    expect(processor.stats()).toMatchObject({ passed: 6, held: 0 });
  }
});

test('a resource that misbehaves does not hold records back', async () => {
  const hostile = [
    { asyncAttributesPending: true, waitForAsyncAttributes: () => Promise.reject(new Error('detector')) },
    { asyncAttributesPending: true },
    {
      asyncAttributesPending: true,
      waitForAsyncAttributes: () => {
        throw new Error('detector');
      },
    },
    {
      get asyncAttributesPending() {
        throw new Error('detector');
      },
    },
    undefined,
  ];
  for (const resource of hostile) {
    const { exporter, processor } = setUp({}, new ScriptedExporter(SUCCESS));
    processor.onEmit({ severityNumber: 17, body: 1, attributes: {}, resource } as never);
    await settle();
    expect(exporter.bodies).toEqual([1]);
  }
});

test('an exporter that emits, flushes and shuts down while it exports does no harm', async () => {
  const { exporter, processor, info } = setUp({ maxExportBatchSize: 2 });
  exporter.onExport = ({ answer }) => {
    processor.flushSync(10);
    void processor.forceFlush();
    void processor.shutdown();
    answer(SUCCESS);
  };
  info(0, 9);
  await pass(100);
  expect(exporter.bodies.toSorted((a, b) => Number(a) - Number(b))).toEqual(range(0, 9));
  expect(processor.stats()).toMatchObject({ passed: 9, held: 0 });
  expect(exporter.calls.filter((call) => call === 'shutdown')).toHaveLength(1);
});

test('an exporter without forceFlush, as the SDK 0.22x allows, works', async () => {
  const exporter = {
    export: (_records: unknown, answer: (result: object) => void) => answer(SUCCESS),
    shutdown: async () => {},
  };
  const { processor, info } = setUp({ exporter: exporter as unknown as LogRecordExporter });
  info(0, 1);
  await processor.forceFlush();
  await processor.shutdown();
  expect(processor.stats()).toMatchObject({ passed: 1, held: 0 });
});
