import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { RingBufferLogRecordProcessor } from '@spillway/processors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import {
  cleanUp,
  collectDiagnostics,
  Collector,
  DEBUG,
  ERROR,
  expectClosed,
  fakeTime,
  FATAL,
  INFO,
  setUp,
  traceIdOf,
  WARN,
} from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const trap = (): never => {
  throw new Error('trap');
};

test('an error releases what its own trace has held, oldest first, before itself', () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, 'a');
  emit(2, INFO, 'other');
  emit(1, DEBUG, 'b', 'c');
  emit(0, INFO, 'without a trace');
  expect(delegate.lines).toEqual([]);
  expect(processor.stats()).toMatchObject({ held: 5, bufferedRecords: 5, scopes: 3 });
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(a)', '(b)', '(c)', 'error']);
  expect(processor.stats()).toMatchObject({
    passed: 4,
    held: 2,
    released: 3,
    triggers: 1,
    scopes: 2,
    passingScopes: 1,
  });
  emit(0, FATAL, 'fatal');
  expect(delegate.lines.slice(4)).toEqual(['(without a trace)', 'fatal']);
  expectClosed(processor.stats());
});

test('a warning passes at once and releases nothing; a record without a severity is held as INFO', () => {
  const { delegate, processor, logger, emit } = setUp();
  emit(1, INFO, 'info');
  emit(1, WARN, 'warning');
  logger.emit({ body: 'unspecified' });
  expect(delegate.lines).toEqual(['warning']);
  expect(processor.stats()).toMatchObject({ held: 2, triggers: 0 });
});

test('after a trigger records of its scope pass, for a time that each trigger begins anew', () => {
  const { delegate, emit } = setUp({ passThroughMillis: 100 });
  emit(1, ERROR, 'first');
  vi.advanceTimersByTime(99);
  emit(1, INFO, 'passes');
  emit(2, INFO, 'another scope');
  emit(1, ERROR, 'second');
  vi.advanceTimersByTime(99);
  emit(1, INFO, 'passes too');
  vi.advanceTimersByTime(1);
  emit(1, INFO, 'held');
  expect(delegate.lines).toEqual(['first', 'passes', 'second', 'passes too']);
});

test('without a time to pass, what follows a trigger is held', () => {
  const { delegate, processor, emit } = setUp({ passThroughMillis: 0 });
  emit(1, ERROR, 'first');
  emit(1, INFO, 'held');
  emit(1, ERROR, 'second');
  expect(delegate.lines).toEqual(['first', '(held)', 'second']);
  expect(processor.stats().passingScopes).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('severities and a predicate decide what is held and what is a trigger', () => {
  const { delegate, emit } = setUp({
    holdBelowSeverity: ERROR,
    triggerMinSeverity: Infinity,
    isTrigger: ({ body }) => body === 'now',
  });
  emit(1, WARN, 'held');
  emit(1, FATAL, 'passes');
  emit(1, DEBUG, 'now');
  expect(delegate.lines).toEqual(['passes', '(held)', 'now']);
});

test('everything can be held until a predicate or the application asks for it', () => {
  const { delegate, processor, emit } = setUp({ holdBelowSeverity: 25, triggerMinSeverity: Infinity });
  emit(1, FATAL, 'a');
  emit(2, DEBUG, 'b');
  expect(delegate.lines).toEqual([]);
  expect(processor.releaseAll()).toBe(2);
  expect(delegate.lines).toEqual(['(a)', '(b)']);
});

test('a key of the application takes the place of the trace', () => {
  const { delegate, processor, logger } = setUp({ scopeKey: ({ attributes }) => attributes['tenant'] as string });
  const emit = (body: string, severityNumber: number, tenant?: unknown): void =>
    logger.emit({ body, severityNumber, attributes: { tenant } });
  emit('a', INFO, 'one');
  emit('b', INFO, 'two');
  emit('c', INFO);
  emit('d', INFO, 'x'.repeat(257));
  emit('e', INFO, 5);
  emit('f', INFO, '');
  expect(processor.stats().scopes).toBe(4);
  emit('error', ERROR, 'one');
  emit('global', ERROR);
  emit('numbered', ERROR, '5');
  expect(delegate.lines).toEqual(['(a)', 'error', '(c)', '(d)', '(f)', 'global', '(e)', 'numbered']);
});

test('callbacks that throw or reject cost a diagnostic, not the record', async () => {
  const messages = collectDiagnostics();
  const { delegate, processor, emit } = setUp({ scopeKey: trap, isTrigger: trap });
  emit(1, INFO, 'a', 'b');
  emit(2, ERROR, 'error');
  expect(delegate.lines).toEqual(['(a)', '(b)', 'error']);
  expectClosed(processor.stats());
  const rejecting = setUp({ scopeKey: (async () => trap()) as never, isTrigger: (async () => trap()) as never });
  rejecting.emit(1, INFO, 'a');
  await Promise.resolve();
  expect(rejecting.processor.stats()).toMatchObject({ held: 1, triggers: 0 });
  expect(messages.map((message) => message.replace(/^\S+ /, ''))).toEqual([
    'The isTrigger callback threw: Error: trap',
    'The scopeKey callback threw: Error: trap',
    'The scopeKey callback answered with what is neither a text, nor a number, nor undefined',
    'The isTrigger callback threw: Error: trap',
  ]);
});

test('release hands on one scope, the global ring, or everything, and only a scope passes from then on', () => {
  const { delegate, processor, emit } = setUp();
  emit(2, INFO, 'a');
  emit(1, INFO, 'b');
  emit(0, INFO, 'c');
  emit(1, INFO, 'd');
  expect(processor.release(traceIdOf(9))).toBe(0);
  expect(processor.release(traceIdOf(1))).toBe(2);
  emit(1, INFO, 'passes');
  expect(processor.release('x'.repeat(257))).toBe(1);
  expect(processor.release()).toBe(0);
  emit(0, INFO, 'passes too');
  emit(3, INFO, 'e');
  emit(2, INFO, 'f');
  expect(processor.releaseAll()).toBe(3);
  emit(2, INFO, 'held');
  expect(delegate.lines).toEqual(['(b)', '(d)', 'passes', '(c)', 'passes too', '(a)', '(e)', '(f)']);
  expect(processor.stats()).toMatchObject({ triggers: 5, released: 6, held: 1 });
});

test('a released record has everything as it was emitted, whatever has changed since', () => {
  const sibling: LogRecordProcessor = {
    onEmit: (record) => {
      if (record.body === 'error') return;
      record.setAttribute('late', true);
      record.setAttribute('text', 'changed');
      record.setBody('changed');
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const delegate = new Collector();
  const processor = new RingBufferLogRecordProcessor({ delegate });
  const emitted: ReadWriteLogRecord[] = [];
  const witness: LogRecordProcessor = { ...sibling, onEmit: (record) => void emitted.push(record) };
  const provider = new LoggerProvider({
    processors: [witness, processor, sibling],
  });
  const spanContext = { traceId: traceIdOf(1), spanId: 'b7ad6b7169203331', traceFlags: 1 };
  const emitContext = trace.setSpanContext(ROOT_CONTEXT, spanContext);
  const body = { nested: { list: [1, 2] }, text: 'before' };
  const list = ['a'];
  provider.getLogger('scope').emit({
    severityNumber: INFO,
    severityText: 'INFO',
    eventName: 'event',
    timestamp: [1_700_000_000, 5],
    observedTimestamp: [1_700_000_001, 6],
    body,
    attributes: { text: 'before', list },
    context: emitContext,
  });
  body.nested.list.push(3);
  body.text = 'after';
  list.push('b');
  provider.getLogger('scope').emit({ severityNumber: ERROR, body: 'error', context: emitContext });
  const released = delegate.records[0] as ReadWriteLogRecord;
  const original = emitted[0] as ReadWriteLogRecord;
  expect(released).not.toBe(original);
  expect(released.body).toEqual({ nested: { list: [1, 2] }, text: 'before' });
  expect(released.attributes).toEqual({ text: 'before', list: ['a'], 'log.buffered': true });
  expect(released).toMatchObject({
    severityNumber: INFO,
    severityText: 'INFO',
    eventName: 'event',
    hrTime: [1_700_000_000, 5],
    hrTimeObserved: [1_700_000_001, 6],
  });
  expect(released.resource).toBe(original.resource);
  expect(released.instrumentationScope).toBe(original.instrumentationScope);
  expect(released.spanContext).toEqual(spanContext);
  expect(trace.getSpanContext(delegate.contexts[0] as typeof ROOT_CONTEXT)).toEqual(spanContext);
  expect('log.buffered' in original.attributes).toBe(false);
  void processor.shutdown();
});

test('a record without a trace is released in the root context', () => {
  const { delegate, emit } = setUp();
  emit(0, INFO, 'info');
  emit(0, ERROR, 'error');
  expect(delegate.contexts).toEqual([ROOT_CONTEXT, ROOT_CONTEXT]);
});
