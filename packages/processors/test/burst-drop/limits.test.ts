import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, DEBUG, ERROR, expectAccounted, fakeTime, INFO, range, setUp, WARN } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('by default the first 100 records of a key pass in a second, and then every 100th', async () => {
  const { delegate, processor, emit } = setUp();
  emit('flood', 1000);
  emit('other', 100);
  expect(delegate.lines.filter((line) => line === 'flood')).toHaveLength(109);
  expect(delegate.lines.filter((line) => line === 'other')).toHaveLength(100);
  expect(processor.stats()).toMatchObject({ received: 1100, passed: 209, dropped: { burst: 891 }, keys: 2 });
  expect(processor.stats().droppedBySeverity).toEqual({ INFO: 891 });
  vi.advanceTimersByTime(1000);
  emit('flood', 100);
  expect(delegate.lines.slice(-100)).toEqual(Array(100).fill('flood'));
  await processor.shutdown();
  expectAccounted({ delegate, processor });
});

test('a rate passes its burst, and then as much as the rate allows', () => {
  const { delegate, emit } = setUp({ rate: { perSecond: 10, burst: 3 } });
  emit('flood', 20);
  expect(delegate.lines).toEqual(Array(3).fill('flood'));
  for (let step = 0; step < 9; step += 1) {
    vi.advanceTimersByTime(50);
    emit('flood', 2);
  }
  expect(delegate.lines).toEqual(Array(7).fill('flood'));
});

test('the burst of a rate is what passes in a second where it is not given', () => {
  for (const [perSecond, burst] of [
    [0.2, 1],
    [2.5, 3],
    [7, 7],
  ] as const) {
    const { delegate, emit } = setUp({ rate: { perSecond } });
    emit('flood', 20);
    expect(delegate.lines).toHaveLength(burst);
  }
});

test('with a minimum interval what follows a record within it is dropped', () => {
  const { delegate, emit } = setUp({ minIntervalMillis: 2 });
  emit('twice', 2);
  emit('other');
  vi.advanceTimersByTime(1);
  emit('twice');
  vi.advanceTimersByTime(1);
  emit('twice', 2);
  expect(delegate.lines).toEqual(['twice', 'other', 'twice']);
});

test('only the chosen severities are limited; a record without one counts as INFO', () => {
  const { delegate, processor, emit, logger } = setUp({ minIntervalMillis: 1000, severities: ['INFO', 'WARN'] });
  for (const severity of [1, DEBUG, INFO, WARN, ERROR, 21]) emit(`${severity}`, 2, severity);
  logger.emit({ body: 'none' });
  logger.emit({ body: 'none' });
  expect(delegate.lines).toEqual(['1', '1', '5', '5', '9', '13', '17', '17', '21', '21', 'none']);
  expect(processor.stats().droppedBySeverity).toEqual({ INFO: 2, WARN: 1 });
});

test('errors pass by default, however many', () => {
  const { delegate, emit } = setUp({ firstThenEvery: { first: 0, thereafter: 0, intervalMillis: 1000 } });
  for (const severity of [DEBUG, INFO, WARN]) emit('flood', 50, severity);
  expect(delegate.lines).toEqual([]);
  emit('error', 500, ERROR);
  emit('fatal', 500, 24);
  expect(delegate.lines).toHaveLength(1000);
});

test('records of one event, or with one beginning, share a key; those of other severity ranges do not', () => {
  const { delegate, emit, logger } = setUp({ minIntervalMillis: 1000 });
  const begin = 'the first 32 characters of a body';
  emit(`${begin} 1`);
  emit(`${begin} 2`);
  emit(`${begin} 3`, 1, INFO + 1);
  emit(`${begin} 4`, 1, WARN);
  logger.emit({ eventName: 'event', body: 'a' });
  logger.emit({ eventName: 'event', body: 'b' });
  expect(delegate.lines).toEqual([`${begin} 1`, `${begin} 4`, 'a']);
});

test('`key` names keys, also by numbers; records that it names none for are not limited', () => {
  const { delegate, processor, logger } = setUp({
    minIntervalMillis: 1000,
    key: ({ attributes }) => attributes['tenant'] as string | undefined,
  });
  for (const tenant of ['a', 'a', 'b', undefined, undefined, 5, 5, '', '']) {
    logger.emit({ severityNumber: INFO, body: `${tenant}`, attributes: tenant === undefined ? {} : { tenant } });
  }
  expect(delegate.lines).toEqual(['a', 'b', 'undefined', 'undefined', '5', '']);
  expect(processor.stats().keys).toBe(4);
});

test('setting the wall clock back or forth changes nothing', () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    const { delegate, emit } = setUp({ firstThenEvery: { first: 1, thereafter: 0, intervalMillis: 1000 } });
    emit('flood', 5);
    const before = performance.now();
    vi.setSystemTime(Date.now() + jump);
    expect(performance.now()).toBe(before);
    emit('flood', 5);
    vi.advanceTimersByTime(999);
    emit('flood');
    expect(delegate.lines).toEqual(['flood']);
    vi.advanceTimersByTime(1);
    emit('flood');
    expect(delegate.lines).toEqual(['flood', 'flood x10', 'flood']);
  }
});

test('a million distinct keys leave the number of keys at its bound and drop nothing', () => {
  const { delegate, processor } = setUp();
  const record = { severityNumber: INFO, attributes: {}, hrTime: [0, 0], hrTimeObserved: [0, 0], body: '' };
  delegate.onRecord = () => void (delegate.records.length = 0);
  for (let index = 0; index < 1_000_000; index += 1) {
    record.body = `key ${index}`;
    processor.onEmit(record as never);
  }
  expect(processor.stats()).toMatchObject({ received: 1_000_000, passed: 1_000_000, droppedTotal: 0, keys: 4096 });
});

test('exactly `maxKeys` keys keep their count', () => {
  const { delegate, emit } = setUp({ minIntervalMillis: 1000, maxKeys: 3 });
  for (const body of ['a', 'b', 'c', 'a', 'b', 'c']) emit(body);
  expect(delegate.lines).toEqual(['a', 'b', 'c']);
  emit('d');
  // The oldest, `a`, gave way.
  expect(delegate.lines).toEqual(['a', 'b', 'c', 'a x1', 'd']);
  for (const body of ['b', 'c', 'd']) emit(body);
  expect(delegate.lines).toHaveLength(5);
  emit('a');
  expect(delegate.lines.slice(5)).toEqual(['b x2', 'a']);
});

test('enabled is what the delegate answers, until shutdown', async () => {
  const { delegate, processor } = setUp();
  const options = { context: {}, instrumentationScope: { name: 'test' } } as never;
  expect(processor.enabled(options)).toBe(true);
  Object.assign(delegate, { enabled: () => false });
  expect(processor.enabled(options)).toBe(false);
  Object.assign(delegate, { enabled: () => true });
  await processor.shutdown();
  expect(processor.enabled(options)).toBe(false);
});

test('two processors, one behind the other, each keep their own account', async () => {
  const inner = setUp({ minIntervalMillis: 1000 });
  const outer = setUp({ delegate: inner.processor, rate: { perSecond: 1, burst: 3 } });
  outer.emit('flood', 10);
  expect(inner.delegate.lines).toEqual(['flood']);
  await outer.processor.shutdown();
  expect(outer.processor.stats()).toMatchObject({ received: 10, dropped: { burst: 7 }, created: 1, passed: 4 });
  // The summary of the one is a record of the same key to the other.
  expect(inner.processor.stats()).toMatchObject({ received: 4, dropped: { burst: 3 }, created: 1, passed: 2 });
  expect(range(0, 2).map((index) => inner.delegate.records[index]?.attributes['log_count'])).toEqual([undefined, 3]);
});
