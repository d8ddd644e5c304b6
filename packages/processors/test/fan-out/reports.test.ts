import { context, diag, type Logger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type FanOutError, FanOutLogRecordProcessor } from '@spillway/processors';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakeTime, hostileProxy, rejecting, settle, StubProcessor, throwing } from '../decorator/stub-processor.ts';
import { ERROR, listenToDiag, setUp, stubs } from './harness.ts';

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
  diag.disable();
  context.disable();
});

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const failing = (): StubProcessor => new StubProcessor({ whenEmitted: throwing });

function emitOrder(logger: Logger): void {
  logger.emit({
    severityNumber: ERROR,
    severityText: 'ERROR',
    eventName: 'order.lost',
    body: 'order 7 lost',
    timestamp: [1_700_000_000, 0],
    context: trace.setSpanContext(ROOT_CONTEXT, SPAN),
  });
}

test('onError is told which delegate failed in what, and with which record', () => {
  const reports: FanOutError[] = [];
  const { logger } = setUp({ delegates: [...stubs(1), failing()], onError: (report) => reports.push(report) });
  emitOrder(logger);
  expect(reports).toEqual([
    {
      delegate: 1,
      operation: 'onEmit',
      error: { name: 'TypeError', message: 'bug', stack: expect.stringContaining('TypeError: bug\n    at ') },
      record: {
        timestamp: '2023-11-14T22:13:20.000Z',
        severityNumber: ERROR,
        severityText: 'ERROR',
        eventName: 'order.lost',
        body: 'order 7 lost',
        scopeName: 'scope',
        traceId: SPAN.traceId,
        spanId: SPAN.spanId,
      },
    },
  ]);
  expect(JSON.parse(JSON.stringify(reports))).toEqual(reports);
});

test('calls without a record are reported as well', async () => {
  const reports: FanOutError[] = [];
  const options = { context: ROOT_CONTEXT, instrumentationScope: { name: 'scope' } };
  const delegate = new StubProcessor({
    whenAsked: throwing,
    whenFlushed: rejecting,
    whenFlushedSync: throwing,
    whenShutDown: throwing,
  });
  const { processor } = setUp({ delegates: [delegate], onError: (report) => reports.push(report) });
  processor.enabled(options);
  await processor.forceFlush();
  processor.flushSync(10);
  await processor.shutdown();
  expect(reports.map(({ operation }) => operation)).toEqual(['enabled', 'forceFlush', 'flushSync', 'shutdown']);
  for (const report of reports) expect(Object.keys(report)).toEqual(['delegate', 'operation', 'error']);
  expect(processor.stats()).toMatchObject({ failures: [0], errors: 4 });
});

test('the fallback gets a record of each failure, on the account as created and passed', () => {
  const fallback = new StubProcessor();
  const { processor, logger } = setUp({ delegates: [failing(), ...stubs(1)], fallback });
  vi.setSystemTime(1_700_000_009_000);
  emitOrder(logger);
  expect(fallback.records).toHaveLength(1);
  expect(fallback.records[0]).toMatchObject({
    hrTime: [1_700_000_009, 0],
    severityNumber: ERROR,
    body: 'onEmit() of delegates[0] failed: TypeError: bug',
    spanContext: SPAN,
    instrumentationScope: { name: 'scope' },
    attributes: { 'spillway.failed_record.body': 'order 7 lost', 'exception.type': 'TypeError' },
  });
  expect(processor.stats()).toMatchObject({ received: 1, created: 1, passed: 2, held: 0, failures: [1, 0], errors: 1 });
});

test('onError and a fallback are both told, and diagnostics only where there is neither', async () => {
  const said = listenToDiag();
  const fallback = new StubProcessor();
  const onError = vi.fn<(report: FanOutError) => void>();
  const both = setUp({ delegates: [failing()], onError, fallback });
  both.logger.emit({ body: 'text' });
  expect([onError.mock.calls.length, fallback.records.length, said]).toEqual([1, 1, []]);
  const neither = setUp({ delegates: [...stubs(1), failing()] });
  for (let count = 0; count < 1000; count += 1) neither.logger.emit({ body: 'text' });
  expect(said).toEqual(['onEmit() of `delegates[1]` failed: TypeError: bug']);
  expect(neither.processor.stats()).toMatchObject({ failures: [0, 1000], errors: 1000 });
});

test('hostile errors and records are reported as far as they can be read', () => {
  const reports: FanOutError[] = [];
  const fallback = new StubProcessor();
  const delegate = new StubProcessor({
    whenEmitted: () => {
      throw hostileProxy as Error;
    },
  });
  const { processor } = setUp({ delegates: [delegate], onError: (report) => reports.push(report), fallback });
  const record = {
    hrTime: hostileProxy,
    attributes: hostileProxy,
    body: hostileProxy,
    severityNumber: 17n,
    spanContext: hostileProxy,
    resource: hostileProxy,
    instrumentationScope: hostileProxy,
  };
  expect(() => processor.onEmit(record as never)).not.toThrow();
  expect(reports).toEqual([
    {
      delegate: 0,
      operation: 'onEmit',
      error: { name: 'NonError', message: '[Unreadable]' },
      record: { body: '[Unreadable]' },
    },
  ]);
  expect(fallback.records[0]?.spanContext).toBeUndefined();
  expect(fallback.records[0]?.resource).toBe(hostileProxy);
});

test('an onError that logs through the same pipeline is not told of what that causes', async () => {
  const said = listenToDiag();
  const healthy = new StubProcessor();
  const onError = vi.fn<(report: FanOutError) => void>(({ error }) =>
    logger.emit({ body: `report: ${error.message}` }),
  );
  const { processor, logger } = setUp({ delegates: [failing(), healthy, failing()], onError });
  logger.emit({ body: 'text' });
  expect(onError).toHaveBeenCalledTimes(2);
  expect(healthy.bodies).toEqual(['report: bug', 'text', 'report: bug']);
  expect(processor.stats()).toMatchObject({ received: 3, passed: 3, failures: [3, 0, 3], errors: 6 });
  expect(said).toHaveLength(2);
  logger.emit({ body: 'other' });
  expect(onError).toHaveBeenCalledTimes(4);
  await processor.shutdown();
});

test('that holds for an onError that logs later as well, where a context manager is registered', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  const onError = vi.fn<() => Promise<void>>(async () => {
    await settle();
    logger.emit({ body: 'report' });
  });
  const { processor, logger } = setUp({ delegates: [failing()], onError: () => void onError() });
  logger.emit({ body: 'text' });
  for (let turn = 0; turn < 5; turn += 1) await settle();
  expect(onError).toHaveBeenCalledTimes(1);
  expect(processor.stats()).toMatchObject({ received: 2, failures: [2] });
});

test('two fan-outs that report through each other come to an end', () => {
  const loggers: Logger[] = [];
  const onError = vi.fn<(index: number) => void>();
  for (const index of [0, 1]) {
    const processor = new FanOutLogRecordProcessor({
      delegates: [failing()],
      onError: () => {
        onError(index);
        loggers[1 - index]?.emit({ body: 'report' });
      },
    });
    loggers.push(new LoggerProvider({ processors: [processor] }).getLogger('scope'));
  }
  loggers[0]?.emit({ body: 'text' });
  expect(onError.mock.calls).toEqual([[0], [1]]);
});

test('an onError that fails costs nothing, and is named in the diagnostics', async () => {
  for (const fault of [throwing, rejecting]) {
    const said = listenToDiag();
    const fallback = new StubProcessor();
    const { logger } = setUp({ delegates: [failing(), ...stubs(1)], onError: fault, fallback });
    expect(() => logger.emit({ body: 'text' })).not.toThrow();
    await settle();
    expect(said).toEqual(['The onError callback threw: TypeError: bug']);
    expect(fallback.records).toHaveLength(1);
  }
});

test('a fallback that fails is named in the diagnostics, and told of nothing', async () => {
  const said = listenToDiag();
  const onError = vi.fn<(report: FanOutError) => void>();
  const fallback = new StubProcessor({ whenEmitted: throwing, whenFlushed: rejecting, whenShutDown: throwing });
  const { processor, logger } = setUp({ delegates: [failing()], onError, fallback });
  logger.emit({ body: 'text' });
  await processor.forceFlush();
  await processor.shutdown();
  expect(onError).toHaveBeenCalledTimes(1);
  expect(fallback.records).toHaveLength(1);
  expect(said).toEqual(
    ['onEmit', 'forceFlush', 'shutdown'].map((operation) => `${operation}() of \`fallback\` failed: TypeError: bug`),
  );
  expect(processor.stats()).toMatchObject({ received: 1, created: 1, passed: 2, errors: 1 });
});

test('a context manager that throws costs the report only', () => {
  const broken = Object.assign(new AsyncLocalStorageContextManager(), { with: throwing });
  const onError = vi.fn<(report: FanOutError) => void>();
  const { processor, logger } = setUp({ delegates: [failing(), ...stubs(1)], onError });
  context.setGlobalContextManager(broken);
  expect(() => logger.emit({ body: 'text', context: ROOT_CONTEXT })).not.toThrow();
  context.disable();
  expect(processor.stats()).toMatchObject({ passed: 1, errors: 1 });
  logger.emit({ body: 'text' });
  expect(onError).toHaveBeenCalledTimes(1);
});

test('an `async` onError that logs what the failing delegate gets comes to an end', async () => {
  let told = 0;
  const { processor, logger } = setUp({
    delegates: [failing()],
    onError: async () => {
      told += 1;
      await Promise.resolve();
      logger.emit({ body: 'told' });
    },
  });
  logger.emit({ body: 'first' });
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  expect(told).toBe(100);
  expect(processor.stats()).toMatchObject({ received: 101, passed: 101, failures: [101] });
  await processor.shutdown();
});
