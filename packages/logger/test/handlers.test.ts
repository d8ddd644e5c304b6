import { context, type ContextManager, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, type LogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { HANDLER_ERROR_TOPIC, Logger, recordingHandler, toHandler } from '@spillway/logger';
import { afterEach, expect, test, vi } from 'vitest';

import { rejecting, throwing } from './harness.ts';

afterEach(() => void vi.useRealTimers());

const bodiesOf = (records: readonly ReadableLogRecord[]): unknown[] => records.map(({ body }) => body);

test('every handler gets every record, synchronous ones and asynchronous ones alike', async () => {
  const handlers = [recordingHandler(), recordingHandler({ onRecord: async () => {} }), recordingHandler()];
  const logger = new Logger({ name: 'app', handlers });
  await logger.info('first');
  await logger.error('second');
  for (const { records } of handlers) expect(bodiesOf(records)).toEqual(['first', 'second']);
  expect(logger.stats()).toMatchObject({ received: 2, created: 0, passed: 2, droppedTotal: 0, held: 0 });
  for (const account of logger.stats().handlers) expect(account).toMatchObject({ received: 2, passed: 2, held: 0 });
  await logger.shutdown();
});

test('a record has time, severity, scope, resource, body and attributes, each its own property', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_123 });
  const recording = recordingHandler();
  const resource = { 'service.name': 'orders' };
  const logger = new Logger({ name: 'dsp', version: '1.0', handlers: [recording], resource });
  await logger.child('filter').warn('text', 'init', { windowSize: 10 });
  expect(JSON.parse(JSON.stringify(recording.records))).toEqual([
    {
      hrTime: [1_700_000_000, 123_000_000],
      hrTimeObserved: [1_700_000_000, 123_000_000],
      severityNumber: 13,
      severityText: 'WARN',
      body: 'text',
      resource: { attributes: resource },
      instrumentationScope: { name: 'dsp.filter', version: '1.0' },
      attributes: { 'log.topic': 'dsp.filter.init', windowSize: 10 },
      droppedAttributesCount: 0,
    },
  ]);
  await logger.shutdown();
});

test('a handler that fails costs the others nothing, and a record tells the fallback of it', async () => {
  const good = recordingHandler();
  const fallback = recordingHandler();
  const handlers = [throwing, good, rejecting];
  const logger = new Logger({ name: 'app', handlers, fallbackHandler: fallback, resource: { 'service.name': 'x' } });
  await logger.info('order taken', 'orders', { order: 7, list: [1, 2] });
  expect(bodiesOf(good.records)).toEqual(['order taken']);
  expect(fallback.records.map(({ attributes }) => attributes['spillway.handler.index'])).toEqual([0, 2]);
  const [report] = fallback.records;
  expect(report).toMatchObject({
    severityNumber: 17,
    severityText: 'ERROR',
    body: 'Handler error: bug',
    instrumentationScope: { name: 'app' },
    resource: { attributes: { 'service.name': 'x' } },
  });
  expect(report?.attributes).toEqual({
    'log.topic': HANDLER_ERROR_TOPIC,
    'exception.type': 'TypeError',
    'exception.message': 'bug',
    'exception.stacktrace': expect.stringContaining('harness.ts'),
    'spillway.handler.index': 0,
    'spillway.handler.operation': 'emit',
    'spillway.failed_record.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT/u),
    'spillway.failed_record.severity_number': 9,
    'spillway.failed_record.severity_text': 'INFO',
    'spillway.failed_record.body': 'order taken',
    'spillway.failed_record.scope_name': 'app',
    'spillway.failed_record.attributes': { 'log.topic': 'app.orders', order: 7, list: '[1,2]' },
  });
  expect(logger.stats()).toMatchObject({ received: 1, created: 2, passed: 3, held: 0 });
  expect(logger.stats().handlers.map(({ dropped }) => dropped)).toEqual([{ rejected: 1 }, {}, { rejected: 1 }]);
  await logger.shutdown();
});

test('without a fallback of its own a logger tells the console of failures', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const logger = new Logger({ handlers: [throwing] });
  await logger.info('text');
  expect(error).toHaveBeenCalledOnce();
  expect(error.mock.calls[0]?.[0]).toContain('logger.handler.error');
  await logger.shutdown();
});

test('a call answers when all handlers have ended, and all of them are called at once', async () => {
  const finish: (() => void)[] = [];
  const slow = (): Promise<void> => new Promise((resolve) => void finish.push(resolve));
  const logger = new Logger({ handlers: [slow, () => slow(), () => {}] });
  let hasAnswered = false;
  const answer = logger.info('text').then(() => (hasAnswered = true));
  expect(finish).toHaveLength(2);
  expect(logger.stats().handlers.map(({ held }) => held)).toEqual([1, 1, 0]);
  finish[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasAnswered).toBe(false);
  finish[1]?.();
  await answer;
  expect(logger.stats().handlers.map(({ held, passed }) => `${held} ${passed}`)).toEqual(Array(3).fill('0 1'));
  await logger.shutdown();
});

test('what one handler changes in a record, the others do not see', async () => {
  const recording = recordingHandler();
  const logger = new Logger({
    handlers: [
      (record) => {
        record.attributes['order'] = 'changed';
        record.hrTime[0] = 0;
        record.hrTimeObserved[0] = 0;
        Object.assign(record, { body: 'changed' });
      },
      (record) => void Object.assign(record.instrumentationScope, { name: 'changed' }),
      (record) => void Object.assign(record.resource.attributes, { 'service.name': 'changed' }),
      recording,
    ],
    fallbackHandler: () => {},
    name: 'app',
    resource: { 'service.name': 'shop' },
  });
  for (let count = 0; count < 2; count += 1) await logger.info('text', undefined, { order: 7 });
  for (const record of recording.records) {
    expect(record).toMatchObject({ body: 'text', attributes: { order: 7 }, instrumentationScope: { name: 'app' } });
    expect(record.resource.attributes).toEqual({ 'service.name': 'shop' });
    expect([record.hrTime[0] > 0, record.hrTimeObserved[0] > 0]).toEqual([true, true]);
  }
  await logger.shutdown();
});

test('a record carries the span that is active', async () => {
  const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7', traceFlags: 1 };
  const active = trace.setSpanContext(ROOT_CONTEXT, spanContext);
  const manager = { active: () => active, with: (_: unknown, call: () => unknown) => call(), disable: () => manager };
  context.setGlobalContextManager(manager as unknown as ContextManager);
  const recording = recordingHandler();
  const logger = new Logger({ handlers: [recording] });
  await logger.info('text');
  context.disable();
  expect(recording.records[0]?.spanContext).toEqual(spanContext);
  await logger.shutdown();
});

test('a context manager that throws costs the record, and nothing else', async () => {
  const manager = { active: throwing, with: throwing, disable: () => manager };
  context.setGlobalContextManager(manager as unknown as ContextManager);
  const logger = new Logger({ handlers: [() => {}] });
  const answer = logger.info('text');
  context.disable();
  await answer;
  expect(logger.stats()).toMatchObject({ received: 1, passed: 0, dropped: { invalid: 1 }, held: 0 });
  await logger.shutdown();
});

test('a record keeps 128 attributes, the topic among them', async () => {
  const recording = recordingHandler();
  const logger = new Logger({ handlers: [recording] });
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, index]));
  await logger.info('text', 'topic', many);
  const [record] = recording.records;
  expect(Object.keys(record?.attributes ?? {})).toHaveLength(128);
  expect(record).toMatchObject({ droppedAttributesCount: 873, attributes: { 'log.topic': 'topic' } });
  await logger.shutdown();
});

test('an exporter becomes a handler, is flushed, and is shut down with the logger', async () => {
  const exporter = new InMemoryLogRecordExporter();
  const forceFlush = vi.spyOn(exporter, 'forceFlush');
  const shutdown = vi.spyOn(exporter, 'shutdown');
  const logger = new Logger({ name: 'app', handlers: [toHandler(exporter)] });
  await logger.child('part').info('text', 'topic', { a: 1 });
  const [record] = exporter.getFinishedLogRecords();
  expect(record).toMatchObject({ body: 'text', attributes: { 'log.topic': 'app.part.topic', a: 1 } });
  await logger.forceFlush();
  expect(forceFlush).toHaveBeenCalledOnce();
  expect(shutdown).not.toHaveBeenCalled();
  await Promise.all([logger.shutdown(), logger.child('part').shutdown()]);
  expect(shutdown).toHaveBeenCalledOnce();
});

test.each([
  [
    'answers FAILED',
    (_: unknown, done: (result: object) => void) => done({ code: 1, error: new RangeError('full') }),
    'full',
  ],
  ['answers FAILED without an error', (_: unknown, done: (result: object) => void) => done({ code: 1 }), 'FAILED'],
  ['answers nothing', (_: unknown, done: (result: unknown) => void) => done(undefined), 'FAILED'],
  ['throws', throwing, 'bug'],
])('an exporter that %s has failed', async (_what, exportRecords, message) => {
  const fallback = recordingHandler();
  const exporter = { export: exportRecords, forceFlush: async () => {}, shutdown: async () => {} };
  const handler = toHandler(exporter as unknown as LogRecordExporter);
  const logger = new Logger({ handlers: [handler], fallbackHandler: fallback });
  await logger.info('text');
  expect(fallback.records[0]?.attributes['exception.message']).toContain(message);
  expect(logger.stats().handlers[0]).toMatchObject({ received: 1, passed: 0, dropped: { rejected: 1 } });
  await logger.shutdown();
});
