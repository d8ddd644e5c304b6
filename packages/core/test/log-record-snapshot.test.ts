import { ROOT_CONTEXT, SeverityNumber, trace, TraceFlags } from '@opentelemetry/api';
import { LoggerProvider, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { expect, test } from 'vitest';
import { LogRecordSnapshot } from '@spillway/core';

const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};

type Emitted = Parameters<ReturnType<LoggerProvider['getLogger']>['emit']>[0];

/** What `onEmit` of a processor does with a real record of the SDK while it may still be changed. */
function emit<T>(record: Emitted, onEmit: (record: ReadWriteLogRecord) => T): T {
  const seen: T[] = [];
  const processor = {
    onEmit: (one: ReadWriteLogRecord) => void seen.push(onEmit(one)),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  new LoggerProvider({ processors: [processor] }).getLogger('scope', '1.0').emit(record);
  return seen[0] as T;
}

const FULL: Emitted = {
  body: 'hello',
  severityNumber: SeverityNumber.WARN,
  severityText: 'WARN',
  eventName: 'greeting',
  timestamp: [1_700_000_000, 5],
  observedTimestamp: [1_700_000_001, 6],
  attributes: { a: 1, list: ['x'] },
  context: trace.setSpanContext(ROOT_CONTEXT, SPAN),
};

test('a snapshot has all values of the record at that moment, and the same resource and scope objects', () => {
  emit(FULL, (record) => {
    const snapshot = new LogRecordSnapshot(record, true);
    expect(snapshot.resource).toBe(record.resource);
    expect(snapshot.instrumentationScope).toBe(record.instrumentationScope);
    expect(snapshot).toMatchObject({
      body: 'hello',
      severityNumber: 13,
      severityText: 'WARN',
      eventName: 'greeting',
      hrTime: [1_700_000_000, 5],
      hrTimeObserved: [1_700_000_001, 6],
      attributes: { a: 1, list: ['x'] },
      spanContext: SPAN,
      droppedAttributesCount: 0,
    });
  });
});

test('what is set on the record later does not change the snapshot', () => {
  emit(FULL, (record) => {
    const snapshot = new LogRecordSnapshot(record, true);
    record.setBody('changed').setSeverityText('FATAL').setEventName('other').hrTime = [0, 0];
    record.setSeverityNumber(SeverityNumber.FATAL);
    expect(snapshot).toMatchObject({ body: 'hello', severityNumber: 13, severityText: 'WARN', eventName: 'greeting' });
    expect(snapshot.hrTime).toEqual([1_700_000_000, 5]);
  });
});

test('an object as body is copied if asked for, and shared if not', () => {
  const body = { user: { name: 'ada' }, bytes: new Uint8Array([1, 2]) };
  emit({ body }, (record) => {
    const copy = new LogRecordSnapshot(record, true);
    const shared = new LogRecordSnapshot(record, false);
    body.user.name = 'changed';
    body.bytes[0] = 9;
    expect(copy.body).toEqual({ user: { name: 'ada' }, bytes: new Uint8Array([1, 2]) });
    expect(shared.body).toBe(record.body);
  });
});

test('setters change the snapshot and nothing else', () => {
  emit(FULL, (record) => {
    const before = { ...record.attributes };
    const snapshot = new LogRecordSnapshot(record, false);
    const chained = snapshot
      .setAttribute('a', 2)
      .setAttributes({ b: 'new', c: undefined })
      .setBody('mine')
      .setEventName('mine')
      .setSeverityNumber(SeverityNumber.INFO)
      .setSeverityText('INFO');
    expect(chained).toBe(snapshot);
    expect(snapshot).toMatchObject({ body: 'mine', eventName: 'mine', severityNumber: 9, severityText: 'INFO' });
    expect(snapshot.attributes).toEqual({ a: 2, list: ['x'], b: 'new', c: undefined });
    expect(record).toMatchObject({ body: 'hello', eventName: 'greeting', severityNumber: 13, severityText: 'WARN' });
    expect(record.attributes).toEqual(before);
  });
});

test('the table of attributes is copied once, and only when something is written', () => {
  emit(FULL, (record) => {
    const snapshot = new LogRecordSnapshot(record, false);
    expect(snapshot.attributes).toBe(record.attributes);
    snapshot.setAttribute('b', 1);
    const own = snapshot.attributes;
    expect(own).not.toBe(record.attributes);
    snapshot.setAttribute('c', 1);
    expect(snapshot.attributes).toBe(own);
  });
});

test('a snapshot of a snapshot stands for itself', () => {
  emit(FULL, (record) => {
    const first = new LogRecordSnapshot(record, false);
    const second = new LogRecordSnapshot(first, false);
    second.setAttribute('b', 1);
    first.setAttribute('c', 1);
    expect([first.attributes, second.attributes]).toEqual([
      { a: 1, list: ['x'], c: 1 },
      { a: 1, list: ['x'], b: 1 },
    ]);
  });
});

test('a snapshot with attributes of its own differs in its attributes only, and leaves the record alone', () => {
  emit(FULL, (record) => {
    const overlay = new LogRecordSnapshot(record, false, { ...record.attributes, a: 'covered', extra: true });
    expect(overlay.attributes).toEqual({ a: 'covered', list: ['x'], extra: true });
    expect(record.attributes).toEqual({ a: 1, list: ['x'] });
    expect(overlay).toMatchObject({ body: 'hello', severityNumber: 13, spanContext: SPAN });
    expect(overlay.resource).toBe(record.resource);
    const own = overlay.attributes;
    expect(overlay.setAttribute('b', 1).attributes).toBe(own);
  });
});

test('an attribute named __proto__ is data', () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, string>;
  emit(FULL, (record) => {
    for (const written of [
      new LogRecordSnapshot(record, false).setAttributes(hostile),
      new LogRecordSnapshot(record, false, { ...record.attributes, ...hostile }),
      new LogRecordSnapshot(record, false, {}).setAttribute('__proto__', { polluted: true }),
    ]) {
      expect(Object.keys(written.attributes)).toContain('__proto__');
      expect(Object.getPrototypeOf(written.attributes)).toBe(Object.prototype);
      expect(written.attributes['polluted']).toBeUndefined();
    }
  });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
