import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, Collector, ERROR, expectClosed, fakeTime, INFO, range, setUp } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('what expires is never released, also where its memory is not freed yet', () => {
  const { delegate, processor, emit } = setUp({ ttlMillis: 1000 });
  vi.advanceTimersByTime(30);
  emit(1, INFO, 'old');
  vi.advanceTimersByTime(1);
  emit(1, INFO, 'young');
  vi.advanceTimersByTime(999);
  expect(processor.stats().expired).toBe(0);
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(young)', 'error']);
  expect(processor.stats()).toMatchObject({ dropped: { expired: 1 }, expired: 1, held: 0 });
  expectClosed(processor.stats());
});

test('one timer frees what has expired, not one for each record, and none waits for nothing', () => {
  const { processor, emit } = setUp({ ttlMillis: 1600, passThroughMillis: 500 });
  expect(vi.getTimerCount()).toBe(0);
  for (const number of range(0, 160)) {
    emit(number, INFO, number);
    vi.advanceTimersByTime(10);
    expect(vi.getTimerCount()).toBe(1);
  }
  let sweeps = 0;
  for (let expired = processor.stats().expired; processor.stats().held > 0; vi.advanceTimersByTime(1)) {
    if (processor.stats().expired === expired) continue;
    ({ expired } = processor.stats());
    sweeps += 1;
  }
  expect(sweeps).toBeLessThanOrEqual(17);
  expect(vi.getTimerCount()).toBe(0);
  emit(1, ERROR, 'error');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(600);
  expect(processor.stats().passingScopes).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  emit(1, INFO, 'held');
  processor.releaseAll();
  expect(vi.getTimerCount()).toBe(0);
});

test('a scope whose time to pass ends long before anything expires is forgotten then', () => {
  const { processor, emit } = setUp({ ttlMillis: 160_000, passThroughMillis: 10_000 });
  emit(1, INFO, 'held');
  emit(2, ERROR, 'error');
  vi.advanceTimersByTime(20_000);
  expect(processor.stats()).toMatchObject({ passingScopes: 0, held: 1 });
  expect(vi.getTimerCount()).toBe(1);
});

test('nothing stays of 100,000 traces, with an error now and then', () => {
  const { processor, emit } = setUp({ ttlMillis: 30_000, passThroughMillis: 1000 });
  for (const number of range(1, 100_001)) {
    emit(number, INFO, 'one', 'two');
    if (number % 100 === 0) emit(number, ERROR, 'error');
    if (number % 50 === 0) vi.advanceTimersByTime(1);
    if (number % 1000 > 0) continue;
    const { scopes, passingScopes, bufferedRecords, bufferedBytes } = processor.stats();
    expect(Math.max(scopes, passingScopes)).toBeLessThanOrEqual(1000);
    expect(bufferedRecords).toBeLessThanOrEqual(10_000);
    expect(bufferedBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expectClosed(processor.stats());
  }
  expect(processor.stats().released).toBe(2000);
  vi.advanceTimersByTime(32_000);
  const empty = { scopes: 0, passingScopes: 0, bufferedRecords: 0, bufferedBytes: 0, pressure: 0, held: 0 };
  expect(processor.stats()).toMatchObject(empty);
  expect(vi.getTimerCount()).toBe(0);
  expectClosed(processor.stats());
});

test('of 10,000 traces those stay that were used last', () => {
  const { delegate, processor, emit } = setUp({ maxScopes: 100 });
  for (const number of range(1, 10_001)) {
    emit(number, INFO, number);
    emit(7, INFO, 'used all the time');
  }
  const { scopes, bufferedRecords, evicted } = processor.stats();
  // That one holds as much as a scope may, and each of the 99 others its record.
  expect([scopes, bufferedRecords, evicted]).toEqual([100, 1099, 20_000 - 1099]);
  for (const number of [9901, 9902, 10_000]) emit(number, ERROR, `error ${number}`);
  expect(delegate.lines).toEqual(['error 9901', '(9902)', 'error 9902', '(10000)', 'error 10000']);
  emit(7, ERROR, 'error 7');
  expect(delegate.lines.slice(5)).toEqual([...Array(1000).fill('(used all the time)'), 'error 7']);
});

test('what is evicted, expires or is too large goes where the application wants it, unmarked', () => {
  const untriggered = new Collector();
  const { delegate, processor, emit } = setUp({
    untriggered,
    maxRecordsPerScope: 2,
    maxBytesPerScope: 2000,
    ttlMillis: 100,
  });
  emit(1, INFO, 'a', 'b', 'c');
  expect(untriggered.lines).toEqual(['a']);
  emit(1, INFO, 'x'.repeat(5000));
  vi.advanceTimersByTime(107);
  expect(untriggered.lines).toEqual(['a', 'x'.repeat(5000), 'b', 'c']);
  expect(delegate.lines).toEqual([]);
  expect(processor.stats()).toMatchObject({ passed: 4, droppedTotal: 0, held: 0, evicted: 1, expired: 2, tooLarge: 1 });
  expect(untriggered.records.some(({ attributes }) => 'log.buffered' in attributes)).toBe(false);
});

test('without anywhere to go, it is dropped for its reason', () => {
  const { delegate, processor, emit } = setUp({ maxRecords: 2, maxBytes: 2000, ttlMillis: 100 });
  emit(1, INFO, 'a', 'b', 'c', 'x'.repeat(5000));
  vi.advanceTimersByTime(107);
  expect(processor.stats()).toMatchObject({ dropped: { evicted: 1, expired: 2, too_large: 1 }, passed: 0, held: 0 });
  expect(delegate.records).toEqual([]);
});

test('bytes are bounded as records are', () => {
  const { processor, emit } = setUp({ maxBytes: 20_000, maxBytesPerScope: 10_000 });
  for (const number of range(1, 50)) {
    emit(number % 5, INFO, 'x'.repeat(number * 100));
    expect(processor.stats().bufferedBytes).toBeLessThanOrEqual(20_000);
    expectClosed(processor.stats());
  }
  expect(processor.stats().bufferedBytes).toBeGreaterThan(10_000);
});
