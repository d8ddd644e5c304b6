import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
  type ReadWriteLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { withTracingSuppressed } from '@spillway/core';
import { expect, test } from 'vitest';

import type { Downstream } from './downstream.ts';
import { expectClosed } from './ledger-check.ts';
import { settle } from './process-watch.ts';
import {
  emitTo,
  ENABLED_OPTIONS,
  ERROR,
  expectPassed,
  type ProcessorSubject,
  type SetUp,
} from './processor-subject.ts';

const trap = (): never => {
  throw new Error('trap');
};

/** The values of a record, whose getters may be those of its class. */
function fieldsOf(record: ReadableLogRecord | ReadWriteLogRecord): Partial<ReadableLogRecord> {
  const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber, eventName, body } = record;
  const { resource, instrumentationScope, attributes, droppedAttributesCount } = record;
  const own = { hrTime, hrTimeObserved, severityText, severityNumber, eventName, body, spanContext };
  return { ...own, resource, instrumentationScope, attributes, droppedAttributesCount } as Partial<ReadableLogRecord>;
}

/** Tests of decorators, which pass each record on within `onEmit`. */
export function registerDelegateTests(subject: ProcessorSubject, setUp: SetUp): void {
  test('hands each record on within the emit, in the context it was emitted in', async () => {
    const { downstream, processor, logger } = setUp();
    const emitContext = ROOT_CONTEXT.setValue(createContextKey('conformance'), 1);
    logger.emit({ severityNumber: ERROR, body: 'text', context: emitContext });
    expect(downstream.received).toHaveLength(1);
    expect(downstream.contexts).toEqual([emitContext]);
    await processor.shutdown();
  });

  test('keeps everything of a record, and the identity of its resource and scope', async () => {
    const { downstream, processor } = setUp();
    const emitted: ReadWriteLogRecord[] = [];
    const witness: LogRecordProcessor = {
      onEmit: (record) => void emitted.push(record),
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'conformance' }),
      processors: [witness, processor],
    });
    const body = { text: 'an object' };
    const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    for (const scope of ['one', 'other']) {
      provider.getLogger(scope, '1.0').emit({
        severityNumber: ERROR,
        severityText: 'ERROR',
        eventName: 'event',
        timestamp: [1_700_000_000, 5],
        observedTimestamp: [1_700_000_001, 6],
        attributes: { key: 'value' },
        body,
        context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
      });
    }
    expect(downstream.received).toHaveLength(2);
    downstream.received.forEach((record, index) => {
      const { resource, instrumentationScope, attributes, ...original } = fieldsOf(
        emitted[index] as ReadWriteLogRecord,
      );
      expect(record.resource).toBe(resource);
      expect(record.instrumentationScope).toBe(instrumentationScope);
      expect(record.attributes).toMatchObject(attributes ?? {});
      expect(fieldsOf(record)).toMatchObject(original);
      expect(record.body).toBe(body);
    });
    await processor.shutdown();
  });

  test('answers enabled as its delegate does, until it is shut down', async () => {
    const { downstream, processor } = setUp();
    for (const isEnabled of [true, false]) {
      downstream.isEnabled = isEnabled;
      expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(isEnabled);
    }
    downstream.isEnabled = true;
    await processor.shutdown();
    expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(false);
  });

  test('is enabled where the delegate fails to say', async () => {
    const { processor, emit } = setUp((end) => Object.assign(end, { enabledFault: 'throws' }));
    expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(true);
    emit(0, 3);
    expectPassed(processor.stats(), 3);
    await processor.shutdown();
  });

  test('has passed what a delegate fails to take, and goes on', async () => {
    for (const exportFault of ['throws', 'rejects'] as const) {
      const { downstream, processor, emit } = setUp((end) => Object.assign(end, { exportFault }));
      emit(0, 10);
      expectPassed(processor.stats(), 10);
      await settle();
      downstream.exportFault = undefined;
      downstream.received.length = 0;
      emit(10, 12);
      expect(downstream.received.map(({ body }) => body)).toEqual([10, 11]);
      expectPassed(processor.stats(), 12);
      await processor.shutdown();
    }
  });

  test('cuts off a delegate that logs for each record that it gets', async () => {
    const { downstream, processor, logger } = setUp();
    const { onCall } = downstream;
    downstream.onCall = () => {
      onCall();
      logger.emit({ severityNumber: ERROR, body: 'more' });
    };
    for (let round = 0; round < 3; round += 1) logger.emit({ severityNumber: ERROR, body: 'first' });
    downstream.onCall = onCall;
    const { received, created, passed, dropped } = processor.stats();
    expect(Object.keys(dropped)).toEqual(['suppressed']);
    expect(passed + (dropped.suppressed ?? 0)).toBe(received + created);
    expect(received).toBeLessThan(10_000);
    logger.emit({ severityNumber: ERROR, body: 'later' });
    expect(downstream.received.at(-1)?.body).toBe('later');
    await processor.shutdown();
  });

  test('hands flushSync and what is left of its deadline on', async () => {
    const { downstream, processor, emit } = setUp();
    emit(0, 3);
    processor.flushSync?.(50);
    const [budget, ...others] = downstream.syncBudgets;
    expect(others).toEqual([]);
    expect(budget).toBeGreaterThan(0);
    expect(budget).toBeLessThanOrEqual(50);
    downstream.flushFault = 'throws';
    for (const deadline of [0, -1, Number.NaN, undefined]) {
      expect(() => processor.flushSync?.(deadline as number)).not.toThrow();
      expect(downstream.syncBudgets.at(-1)).toBe(0);
    }
    downstream.flushFault = undefined;
    await processor.shutdown();
    processor.flushSync?.(50);
    expect(downstream.syncBudgets).toHaveLength(5);
  });

  test('drops what our own sending causes', async () => {
    const { downstream, processor, logger } = setUp();
    logger.emit({ severityNumber: ERROR, body: 'explicit', context: suppressTracing(ROOT_CONTEXT) });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    try {
      withTracingSuppressed(() => logger.emit({ severityNumber: ERROR, body: 'active' }));
      withTracingSuppressed(() => processor.onEmit({ severityNumber: ERROR, attributes: {}, body: 'direct' } as never));
      logger.emit({ severityNumber: ERROR, body: 'other' });
    } finally {
      context.disable();
    }
    expect(downstream.received.map(({ body }) => body)).toEqual(['other']);
    expect(processor.stats()).toMatchObject({ received: 4, passed: 1, dropped: { suppressed: 3 }, held: 0 });
    await processor.shutdown();
  });

  test('survives contexts and options that are none', async () => {
    const { processor } = setUp();
    const record = { severityNumber: ERROR, attributes: {}, body: 'text' };
    for (const emitContext of [null, {}, { getValue: trap }]) {
      expect(() => processor.onEmit(record as never, emitContext as never)).not.toThrow();
      expectClosed(processor.stats());
    }
    for (const timeoutMillis of [null, Number.NaN, -1, '1']) {
      await processor.forceFlush({ timeoutMillis } as never);
    }
    await processor.shutdown(null as never);
    const { received, passed, created, droppedTotal } = processor.stats();
    expect([received, passed - created + droppedTotal]).toEqual([3, 3]);
  });

  test('does with a delegate that knows only what the SDK asks of it', async () => {
    const exporter = new InMemoryLogRecordExporter();
    const simple = new SimpleLogRecordProcessor({ exporter });
    const processor = subject.create(simple as LogRecordProcessor as Downstream);
    const provider = new LoggerProvider({ processors: [processor] });
    const logger = provider.getLogger('foreign');
    expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(true);
    emitTo(logger, 0, 10);
    processor.flushSync?.(10);
    await provider.forceFlush();
    const bodies = exporter.getFinishedLogRecords().map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 10 }, (_, body) => body));
    await provider.shutdown();
    expectPassed(processor.stats(), 10);
  });
}
