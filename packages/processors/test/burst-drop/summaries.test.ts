import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, countOf, ERROR, expectAccounted, fakeTime, INFO, range, setUp } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const oneInSecond = { firstThenEvery: { first: 1, thereafter: 0, intervalMillis: 1000 } };

test('a summary is the first suppressed record with their number, their times and the time of the last', async () => {
  const { delegate, processor, logger } = setUp(oneInSecond);
  const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
  const emit = (second: number, attributes: Record<string, string>): void =>
    logger.emit({
      severityNumber: INFO,
      severityText: 'info',
      eventName: 'event',
      body: { second },
      timestamp: [1_700_000_000 + second, 5],
      observedTimestamp: [1_700_000_000 + second, 6_000_000],
      attributes,
      context: trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, spanId: `b7ad6b716920333${second}` }),
    });
  for (const second of [0, 1, 2, 3]) emit(second, { key: `${second}` });
  await processor.forceFlush();
  const [passed, summary, ...others] = delegate.records;
  expect(others).toEqual([]);
  expect(passed?.attributes).toEqual({ key: '0' });
  expect(summary).toMatchObject({
    severityNumber: INFO,
    severityText: 'info',
    eventName: 'event',
    body: { second: 1 },
    hrTime: [1_700_000_003, 5],
    hrTimeObserved: [1_700_000_003, 6_000_000],
    spanContext: { spanId: 'b7ad6b7169203331' },
  });
  expect(summary?.attributes).toEqual({
    key: '1',
    log_count: 3,
    first_observed_timestamp: '2023-11-14T22:13:21.006Z',
    last_observed_timestamp: '2023-11-14T22:13:23.006Z',
  });
  expect(summary?.resource).toBe(passed?.resource);
  expect(summary?.instrumentationScope).toBe(passed?.instrumentationScope);
  expect(delegate.contexts[1]).toBe(ROOT_CONTEXT);
  expect(processor.stats()).toMatchObject({ created: 1, summaries: 1, passed: 2, held: 0 });
});

test('a summary keeps what the first suppressed record had, whatever becomes of it', async () => {
  const { delegate, processor, logger } = setUp(oneInSecond);
  const body = { text: 'as logged' };
  const siblings = { attribute: 'as logged' };
  for (const attributes of [{}, siblings]) logger.emit({ severityNumber: INFO, eventName: 'event', body, attributes });
  body.text = 'changed';
  siblings.attribute = 'changed';
  await processor.forceFlush();
  expect(delegate.records[1]).toMatchObject({ body: { text: 'as logged' }, attributes: { attribute: 'as logged' } });
});

test('a record that brings a count of its own counts as one', async () => {
  const { delegate, processor, logger } = setUp(oneInSecond);
  for (const count of [7, 8, 9]) logger.emit({ severityNumber: INFO, body: 'x', attributes: { log_count: count } });
  await processor.forceFlush();
  expect(delegate.records.map(countOf)).toEqual([7, 2]);
});

test('the next record of a key after its window comes behind the summary', () => {
  for (const options of [oneInSecond, { minIntervalMillis: 900 }, { rate: { perSecond: 1 } }]) {
    const { delegate, emit } = setUp(options);
    emit('flood', 3);
    // No timer has had its turn.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000);
    emit('other');
    emit('flood');
    expect(delegate.lines).toEqual(['flood', 'other', 'flood x2', 'flood']);
    vi.restoreAllMocks();
  }
});

test('a summary leaves by itself soon after its window has ended, and no timer is left then', () => {
  for (const options of [oneInSecond, { minIntervalMillis: 5000 }, { rate: { perSecond: 0.1 } }]) {
    const timers = vi.getTimerCount();
    const { delegate, emit } = setUp(options);
    emit('flood');
    expect(vi.getTimerCount()).toBe(timers);
    emit('flood', 2);
    expect(vi.getTimerCount()).toBe(timers + 1);
    vi.advanceTimersByTime(999);
    expect(delegate.lines).toEqual(['flood']);
    vi.advanceTimersByTime(101);
    expect(delegate.lines).toEqual(['flood', 'flood x2']);
    expect(vi.getTimerCount()).toBe(timers);
  }
});

test('each window has its summary, and none is later than a tenth of it', () => {
  const { delegate, processor, emit } = setUp({ firstThenEvery: { first: 0, thereafter: 0, intervalMillis: 1000 } });
  const leftAt = new Map<unknown, number>();
  delegate.onRecord = ({ body }) => void leftAt.set(body, performance.now());
  const begunAt = new Map<unknown, number>();
  // Those of earlier windows are suppressed last.
  for (const index of range(0, 40)) {
    begunAt.set(`${index}`, performance.now());
    emit(`${index}`);
    vi.advanceTimersByTime(17);
  }
  vi.advanceTimersByTime(2000);
  for (const [body, at] of begunAt) {
    expect(leftAt.get(body)).toBeGreaterThanOrEqual(at + 1000);
    expect(leftAt.get(body)).toBeLessThanOrEqual(at + 1100);
  }
  expectAccounted({ delegate, processor });
});

test('a window that ends before those that are waited for is not kept waiting', () => {
  const { delegate, emit } = setUp(oneInSecond);
  emit('early');
  vi.advanceTimersByTime(500);
  emit('late', 2);
  vi.advanceTimersByTime(100);
  emit('early');
  vi.advanceTimersByTime(400);
  expect(delegate.lines).toEqual(['early', 'late', 'early x1']);
  vi.advanceTimersByTime(500);
  expect(delegate.lines).toEqual(['early', 'late', 'early x1', 'late x1']);
});

test('suppressed records wait for their summary as long as `summaryIntervalMillis` says', () => {
  const { delegate, emit } = setUp({ minIntervalMillis: 100_000, summaryIntervalMillis: 60_000 });
  emit('flood', 2);
  vi.advanceTimersByTime(59_999);
  emit('flood');
  expect(delegate.lines).toEqual(['flood']);
  vi.advanceTimersByTime(6000);
  expect(delegate.lines).toEqual(['flood', 'flood x2']);
});

test('a flush hands the summaries on so far, and the windows go on', async () => {
  const { delegate, processor, emit } = setUp(oneInSecond);
  emit('a', 3);
  emit('b', 2);
  processor.flushSync(10);
  expect(delegate.lines).toEqual(['a', 'b', 'a x2', 'b x1']);
  emit('a', 4);
  await processor.forceFlush();
  expect(delegate.lines.slice(4)).toEqual(['a x4']);
  emit('a');
  vi.advanceTimersByTime(1100);
  expect(delegate.lines.slice(5)).toEqual(['a x1']);
  expect(delegate.calls).toEqual(['flushSync', 'forceFlush']);
  expectAccounted({ delegate, processor });
});

test('a shutdown hands the summaries on before the delegate is shut down, and leaves no timer', async () => {
  const timers = vi.getTimerCount();
  const { delegate, processor, emit } = setUp(oneInSecond);
  emit('a', 3);
  delegate.shutdown = async () => void delegate.calls.push(`shutdown after ${delegate.records.length}`);
  await processor.shutdown();
  processor.onEmit({ severityNumber: INFO, body: 'late', attributes: {} } as never);
  expect(delegate.lines).toEqual(['a', 'a x2']);
  expect(delegate.calls).toEqual(['shutdown after 2']);
  expect(vi.getTimerCount()).toBe(timers);
  expect(processor.stats()).toMatchObject({ created: 1, dropped: { burst: 2, shutdown: 1 }, held: 0 });
});

test('when the event loop runs empty or the page is hidden the summaries leave, until shutdown', async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  const listeners = process.listenerCount('beforeExit');
  const { delegate, processor, emit } = setUp(oneInSecond);
  emit('a', 3);
  process.listeners('beforeExit').at(-1)?.(0);
  expect(delegate.lines).toEqual(['a', 'a x2']);
  emit('a', 3);
  page.dispatchEvent(new Event('visibilitychange'));
  expect(delegate.lines).toHaveLength(2);
  page.visibilityState = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
  expect(delegate.lines).toEqual(['a', 'a x2', 'a x3']);
  await processor.shutdown();
  expect(process.listenerCount('beforeExit')).toBe(listeners);
  vi.unstubAllGlobals();
});

test('where memory is short the oldest summaries leave early', async () => {
  const { delegate, processor, emit } = setUp({ minIntervalMillis: 1000, maxSummaryBytes: 5000 });
  for (const name of ['a', 'b', 'c']) emit(name.padEnd(2000, '.'), 2);
  expect(delegate.records.map(({ body }) => String(body)[0])).toEqual(['a', 'b', 'c', 'a']);
  // One that is too large by itself waits all the same, alone.
  emit('huge'.padEnd(100_000, '.'), 5);
  expect(delegate.summaries.map(({ body }) => String(body)[0])).toEqual(['a', 'b', 'c']);
  await processor.forceFlush();
  expect(delegate.summaries.map(countOf)).toEqual([1, 1, 1, 4]);
  expectAccounted({ delegate, processor });
});

test('many summaries that are due leave over several turns, so that none keeps the application waiting', () => {
  const { delegate, processor, emit } = setUp({ minIntervalMillis: 5000 });
  for (const index of range(0, 2000)) emit(`key ${index}`, 2);
  vi.advanceTimersByTime(1000);
  expect(delegate.summaries).toHaveLength(512);
  vi.advanceTimersByTime(10);
  expect(delegate.summaries).toHaveLength(2000);
  expect(vi.getTimerCount()).toBe(0);
  expectAccounted({ delegate, processor });
});

test('a flood of errors makes no summary', async () => {
  const { delegate, processor, emit } = setUp(oneInSecond);
  emit('error', 1000, ERROR);
  await processor.forceFlush();
  expect([delegate.summaries.length, processor.stats().keys]).toEqual([0, 0]);
});
