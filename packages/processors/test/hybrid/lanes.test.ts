import { afterEach, beforeEach, expect, test } from 'vitest';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { cleanUp, ERROR, fakeTime, INFO, pass, range, ScriptedExporter, settle, setUp, SUCCESS } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('records of the batch lane leave together when the delay has passed', async () => {
  const { exporter, info } = setUp();
  info(0, 3);
  await pass(999);
  expect(exporter.batches).toHaveLength(0);
  await pass(1);
  expect(exporter.bodies).toEqual([0, 1, 2]);
});

test('a full batch leaves on the next macrotask, and what is beyond it keeps its delay', async () => {
  const { exporter, info } = setUp({ maxExportBatchSize: 4 });
  info(0, 6);
  await Promise.resolve();
  expect(exporter.batches).toHaveLength(0);
  await settle();
  expect(exporter.batches.map(({ bodies }) => bodies)).toEqual([[0, 1, 2, 3]]);
  await pass(1000);
  expect(exporter.batches.map(({ bodies }) => bodies)).toEqual([
    [0, 1, 2, 3],
    [4, 5],
  ]);
});

test('a batch that fills up from what another one left leaves on the next macrotask too', async () => {
  const { exporter, info } = setUp({ maxExportBatchSize: 4 }, new ScriptedExporter(SUCCESS));
  info(0, 6);
  await settle();
  info(6, 9);
  await settle();
  expect(exporter.bodies).toEqual(range(0, 8));
});

test('a turn calls the exporter for several batches without a pause between them', async () => {
  const exporter = new ScriptedExporter(SUCCESS);
  const { info } = setUp({ maxExportBatchSize: 2, maxConcurrentExports: 3 }, exporter);
  const turns: unknown[][] = [];
  let isNewTurn = true;
  exporter.onExport = ({ bodies }) => {
    if (isNewTurn) {
      turns.push([]);
      isNewTurn = false;
      queueMicrotask(() => (isNewTurn = true));
    }
    turns.at(-1)?.push(...bodies);
  };
  info(0, 12);
  await Promise.resolve();
  expect(turns).toHaveLength(0);
  await settle();
  expect(turns).toEqual([range(0, 6), range(6, 12)]);
});

test('a burst of 60,000 records loses none with the defaults, and arrives in order', async () => {
  const { exporter, processor, info } = setUp({}, new ScriptedExporter(SUCCESS));
  info(0, 60_000);
  await processor.forceFlush();
  expect(exporter.bodies).toEqual(range(0, 60_000));
  expect(processor.stats()).toMatchObject({ received: 60_000, passed: 60_000, held: 0, droppedTotal: 0 });
});

test('an ERROR leaves as soon as the code that logs pauses', async () => {
  const { exporter, info, error } = setUp();
  info(0, 2);
  error(2, 3);
  expect(exporter.batches).toHaveLength(0);
  await Promise.resolve();
  expect(exporter.bodies).toEqual([2]);
});

test('a loop of 1,000 errors makes two exports', async () => {
  const { exporter, error } = setUp();
  error(0, 1000);
  await Promise.resolve();
  expect(exporter.batches.map(({ bodies }) => bodies.length)).toEqual([512, 488]);
  expect(exporter.bodies).toEqual(range(0, 1000));
});

test('errors that come while all slots are busy leave together when one is free', async () => {
  const { exporter, error } = setUp({ maxConcurrentExports: 2 });
  error(0, 1);
  await settle();
  error(1, 50);
  await settle();
  expect(exporter.batches).toHaveLength(1);
  exporter.batches[0]?.answer(SUCCESS);
  await settle();
  expect(exporter.batches.map(({ bodies }) => bodies.length)).toEqual([1, 49]);
});

test('one slot is kept for the immediate lane while the batch lane waits for answers', async () => {
  const { exporter, info, error } = setUp({ maxExportBatchSize: 1 });
  info(0, 20);
  await settle();
  expect(exporter.batches).toHaveLength(4);
  error(100, 101);
  await settle();
  expect(exporter.bodies).toEqual([0, 1, 2, 3, 100]);
});

test('with a single slot exports never overlap, and errors go first', async () => {
  const { exporter, info, error } = setUp({ maxConcurrentExports: 1, maxExportBatchSize: 2 });
  info(0, 4);
  await settle();
  error(100, 101);
  await settle();
  expect(exporter.bodies).toEqual([0, 1]);
  exporter.batches[0]?.answer(SUCCESS);
  await settle();
  exporter.batches[1]?.answer(SUCCESS);
  await settle();
  expect(exporter.bodies).toEqual([0, 1, 100, 2, 3]);
});

test('the lane attribute wins over the severity and the callback, and is not exported', async () => {
  const { exporter, logger } = setUp({ isImmediate: () => true });
  logger.emit({ severityNumber: ERROR, body: 'batch', attributes: { 'spillway.lane': 'batch', kept: 1 } });
  logger.emit({ severityNumber: INFO, body: 'immediate', attributes: { 'spillway.lane': 'immediate', kept: 2 } });
  logger.emit({ severityNumber: ERROR, body: 'unknown', attributes: { 'spillway.lane': 'fast' } });
  await Promise.resolve();
  expect(exporter.bodies).toEqual(['immediate', 'unknown']);
  await pass(1000);
  expect(exporter.bodies).toEqual(['immediate', 'unknown', 'batch']);
  const attributes = exporter.batches.flatMap(({ records }) => records.map((record) => record.attributes));
  expect(attributes).toEqual([{ kept: 2 }, {}, { kept: 1 }]);
});

test('siblings still see the lane attribute', () => {
  const { processor } = setUp();
  const record = { attributes: { 'spillway.lane': 'batch' } };
  processor.onEmit(record as never);
  expect(record.attributes).toEqual({ 'spillway.lane': 'batch' });
});

test('the callback adds to the severity', async () => {
  const { exporter, logger, error } = setUp({
    isImmediate: ({ attributes }) => attributes['page'] === true,
    immediateMinSeverity: 13,
  });
  logger.emit({ severityNumber: INFO, body: 'page', attributes: { page: true } });
  logger.emit({ severityNumber: INFO, body: 'line' });
  logger.emit({ severityNumber: 13, body: 'warning' });
  error(0, 1);
  await Promise.resolve();
  expect(exporter.bodies).toEqual(['page', 'warning', 0]);
});

test('a callback that throws or answers no boolean leaves the record in the lane of its severity', async () => {
  for (const isImmediate of [
    (): never => {
      throw new Error('bug');
    },
    async () => true,
    async () => Promise.reject(new Error('bug')),
  ]) {
    const { exporter, info, error } = setUp({ isImmediate: isImmediate as unknown as () => boolean });
    error(0, 1);
    info(1, 2);
    await Promise.resolve();
    expect(exporter.bodies).toEqual([0]);
    await pass(1000);
    expect(exporter.bodies).toEqual([0, 1]);
  }
});

test('a callback that logs is not asked about what it logs', async () => {
  const asked: unknown[] = [];
  const { exporter, logger } = setUp({
    isImmediate: ({ body }) => {
      asked.push(body);
      logger.emit({ severityNumber: INFO, body: 'of the callback' });
      return true;
    },
  });
  logger.emit({ severityNumber: INFO, body: 'page' });
  logger.emit({ severityNumber: INFO, body: 'another page' });
  await Promise.resolve();
  expect(exporter.bodies).toEqual(['page', 'another page']);
  await pass(1000);
  expect(exporter.bodies).toEqual(['page', 'another page', 'of the callback', 'of the callback']);
  expect(asked).toEqual(['page', 'another page']);
});

test('the immediate lane can have an exporter of its own', async () => {
  const immediateExporter = new ScriptedExporter(SUCCESS);
  const { exporter, processor, info, error } = setUp({ immediateExporter }, new ScriptedExporter(SUCCESS));
  info(0, 1);
  error(1, 2);
  await processor.forceFlush();
  expect(exporter.bodies).toEqual([0]);
  expect(immediateExporter.bodies).toEqual([1]);
  await processor.shutdown();
  for (const { calls } of [exporter, immediateExporter]) {
    expect(calls.filter((call) => call !== 'export')).toEqual(['forceFlush', 'forceFlush', 'shutdown']);
  }
});

test('what the application does to an object body afterwards changes nothing, unless it opted out', async () => {
  for (const snapshot of ['body', 'none'] as const) {
    const { exporter, logger } = setUp({ snapshot });
    const body = { user: { name: 'before' } };
    logger.emit({ severityNumber: ERROR, body });
    body.user.name = 'after';
    await Promise.resolve();
    expect(exporter.bodies).toEqual([{ user: { name: snapshot === 'body' ? 'before' : 'after' } }]);
  }
});

test('what is exported has the resource and scope objects of the record, and its span context', async () => {
  const { exporter, processor } = setUp();
  const record = {
    hrTime: [1, 2],
    hrTimeObserved: [3, 4],
    severityNumber: ERROR,
    severityText: 'ERROR',
    body: 'text',
    eventName: 'event',
    attributes: { key: 'value' },
    droppedAttributesCount: 5,
    resource: { attributes: {} },
    instrumentationScope: { name: 'scope' },
    spanContext: { traceId: '1', spanId: '2', traceFlags: 1 },
  };
  processor.onEmit(record as never);
  await Promise.resolve();
  const [exported] = exporter.batches[0]?.records ?? [];
  for (const key of Object.keys(record) as (keyof typeof record)[]) expect(exported?.[key]).toBe(record[key]);
});

test('the constructor names the option that is wrong', () => {
  const exporter = new ScriptedExporter();
  const create = (options: object) => () => new HybridLogRecordProcessor({ exporter, ...options });
  expect(() => new HybridLogRecordProcessor(undefined as never)).toThrow(TypeError);
  expect(create({ exporter: {} })).toThrow('Expected `exporter` to be an object with export(), shutdown()');
  expect(create({ immediateExporter: null })).toThrow('`immediateExporter`');
  expect(create({ maxQueueSize: 0 })).toThrow(RangeError);
  expect(create({ maxQueueBytes: '1' })).toThrow(TypeError);
  expect(create({ maxExportBatchSize: 1.5 })).toThrow('`maxExportBatchSize`');
  expect(create({ scheduledDelayMillis: 2 ** 31 })).toThrow('`scheduledDelayMillis`');
  expect(create({ overflow: 'drop-all' })).toThrow('`overflow`');
  expect(create({ maxConcurrentExports: 0 })).toThrow('`maxConcurrentExports`');
  expect(create({ exportTimeoutMillis: 0 })).toThrow('`exportTimeoutMillis`');
  expect(create({ maxAttempts: 0 })).toThrow('`maxAttempts`');
  expect(create({ snapshot: 'deep' })).toThrow('`snapshot`');
  expect(create({ immediateMinSeverity: -1 })).toThrow('`immediateMinSeverity`');
  expect(create({ isImmediate: true })).toThrow('`isImmediate`');
  expect(create({ onDrop: {} })).toThrow('`onDrop`');
  expect(create({ disableFlushOnBeforeExit: 1 })).toThrow('`disableFlushOnBeforeExit`');
  expect(create({ selfObsMeterProvider: {} })).toThrow('`selfObsMeterProvider`');
});

test('a batch is never larger than the queue', async () => {
  const { exporter, info } = setUp({ maxQueueSize: 3 });
  info(0, 3);
  await settle();
  expect(exporter.bodies).toEqual([0, 1, 2]);
});
