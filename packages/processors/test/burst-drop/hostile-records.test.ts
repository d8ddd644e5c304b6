import { diag, DiagLogLevel } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cleanUp, countOf, expectAccounted, expectClosed, fakeTime, INFO, setUp } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const trap = (): never => {
  throw new Error('trap');
};

const record = { severityNumber: INFO, body: 'text', attributes: {}, hrTime: [1, 1], hrTimeObserved: [1, 1] };

test('records that cannot be read are dropped as invalid, also where they would be suppressed', async () => {
  const { delegate, processor } = setUp({ minIntervalMillis: 1000 });
  const unreadable = [
    undefined,
    null,
    new Proxy({}, { get: trap }),
    Object.defineProperty({ ...record }, 'severityNumber', { get: trap }),
    Object.defineProperty({ ...record }, 'body', { get: trap }),
    Object.defineProperty({ ...record }, 'eventName', { get: trap }),
    { ...record, instrumentationScope: new Proxy({}, { get: trap }) },
  ];
  for (const hostile of unreadable) processor.onEmit(hostile as never);
  expect(processor.stats().dropped).toEqual({ invalid: unreadable.length });
  processor.onEmit(record as never);
  processor.onEmit({ ...record, attributes: new Proxy({}, { ownKeys: trap }) } as never);
  processor.onEmit(Object.defineProperty({ ...record }, 'hrTime', { get: trap }) as never);
  processor.onEmit(record as never);
  processor.onEmit(Object.defineProperty({ ...record }, 'hrTimeObserved', { get: trap }) as never);
  expect(processor.stats()).toMatchObject({ dropped: { invalid: unreadable.length + 3, burst: 1 }, held: 0 });
  await processor.forceFlush();
  expect(delegate.lines).toEqual(['text', 'text x1']);
  expectAccounted({ delegate, processor });
});

test('a summary leaves out times that are none', async () => {
  for (const time of [undefined, null, 'time', [Number.NaN, 0], [1e300, 0], new Proxy([], { get: trap })]) {
    const { delegate, processor } = setUp({ minIntervalMillis: 1000 });
    for (let index = 0; index < 3; index += 1) processor.onEmit({ ...record, hrTimeObserved: time } as never);
    await processor.forceFlush();
    expect(delegate.records[1]?.attributes).toEqual({ log_count: 2 });
    expectAccounted({ delegate, processor });
  }
});

test('an attribute may have any name', async () => {
  const { delegate, processor } = setUp({ minIntervalMillis: 1000 });
  const attributes = JSON.parse('{"__proto__":{"polluted":true},"log_count":"text"}') as object;
  for (let index = 0; index < 3; index += 1) processor.onEmit({ ...record, attributes } as never);
  await processor.forceFlush();
  expect(Object.keys(delegate.records[1]?.attributes ?? {})).toContain('__proto__');
  expect(delegate.summaries.map(countOf).at(-1)).toBe(2);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

function collectDiagnostics(): unknown[] {
  const messages: unknown[] = [];
  const say = (...parts: unknown[]): void => void messages.push(parts.join(' '));
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  return messages;
}

test('a record whose `key` throws passes, and that is said once', () => {
  const messages = collectDiagnostics();
  const { delegate, processor, emit } = setUp({ minIntervalMillis: 1000, key: trap });
  emit('text', 100);
  expect(delegate.lines).toHaveLength(100);
  expectClosed(processor.stats());
  expect(messages).toEqual([expect.stringContaining('The key callback threw: Error: trap')]);
});

test('a `key` that answers anything but a text or a number limits nothing, and that is said', () => {
  const messages = collectDiagnostics();
  for (const answer of [null, true, Symbol('key'), {}, [], Promise.resolve('key')]) {
    const { delegate, emit } = setUp({ minIntervalMillis: 1000, key: (() => answer) as never });
    emit('text', 3);
    expect(delegate.lines).toHaveLength(3);
  }
  expect(messages).toHaveLength(6);
  expect(messages[0]).toContain('The key callback answered with what is neither a text, nor a number, nor undefined');
});
