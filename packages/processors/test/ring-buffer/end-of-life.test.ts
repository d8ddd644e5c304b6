import type { MeterProvider } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, Collector, ERROR, expectClosed, fakeTime, INFO, setUp, traceIdOf } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const OPTIONS = { context: {}, instrumentationScope: { name: 'scope' } } as never;

test('a flush does not release what waits for a trigger', async () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, 'held');
  await processor.forceFlush();
  processor.flushSync(10);
  expect(delegate.calls).toEqual(['forceFlush', 'flushSync']);
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(held)', 'error']);
});

test('release and then flushSync keep what is held when a process ends', () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, 'a');
  emit(2, INFO, 'b');
  expect(processor.releaseAll()).toBe(2);
  processor.flushSync(10);
  expect(delegate.calls).toEqual(['onEmit', 'onEmit', 'flushSync']);
});

test('what is held at shutdown is dropped for that reason, and everything is let go', async () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, 'held');
  emit(2, ERROR, 'error');
  await processor.shutdown();
  expect(processor.stats()).toMatchObject({ dropped: { shutdown: 1 }, held: 0, bufferedRecords: 0, passingScopes: 0 });
  expect(vi.getTimerCount()).toBe(0);
  expect([processor.releaseAll(), processor.release(traceIdOf(1))]).toEqual([0, 0]);
  expect(processor.stats().passingScopes).toBe(0);
  emit(2, INFO, 'late');
  expect(delegate.lines).toEqual(['error']);
  expectClosed(processor.stats());
});

test('at shutdown the processor for the rest gets what is held before it is shut down', async () => {
  const untriggered = new Collector();
  const { processor, emit } = setUp({ untriggered });
  emit(1, INFO, 'a');
  emit(2, INFO, 'b');
  await processor.shutdown();
  expect(untriggered.lines).toEqual(['a', 'b']);
  expect(untriggered.calls).toEqual(['onEmit', 'onEmit', 'forceFlush', 'shutdown']);
  expect(processor.stats()).toMatchObject({ passed: 2, droppedTotal: 0, held: 0 });
});

test('a delegate that gets the rest as well is flushed and shut down once', async () => {
  const delegate = new Collector();
  const { processor, emit } = setUp({ delegate, untriggered: delegate });
  emit(1, INFO, 'a');
  await processor.forceFlush();
  processor.flushSync(10);
  await processor.shutdown();
  expect(delegate.calls).toEqual(['forceFlush', 'flushSync', 'onEmit', 'shutdown']);
  expect(delegate.lines).toEqual(['a']);
});

test('it is enabled while one of the two takes records', async () => {
  const untriggered = new Collector();
  const { delegate, processor } = setUp({ untriggered });
  for (const [isDelegate, isUntriggered] of [
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    delegate.isEnabled = isDelegate;
    untriggered.isEnabled = isUntriggered;
    expect(processor.enabled(OPTIONS)).toBe(isDelegate || isUntriggered);
  }
  delegate.isEnabled = true;
  await processor.shutdown();
  expect(processor.enabled(OPTIONS)).toBe(false);
});

test('its account can be read as metrics', () => {
  const values: Record<string, number> = {};
  const createObservable = (name: string): unknown => ({
    addCallback: (callback: (result: unknown) => void) =>
      observers.push(() => callback({ observe: (value: number) => void (values[name] = value) })),
  });
  const observers: (() => void)[] = [];
  const selfObsMeterProvider = {
    getMeter: () => ({ createObservableCounter: createObservable, createObservableUpDownCounter: createObservable }),
  } as unknown as MeterProvider;
  const { emit } = setUp({ selfObsMeterProvider });
  emit(1, INFO, 'a', 'b');
  emit(2, ERROR, 'error');
  for (const observe of observers) observe();
  expect(values).toMatchObject({
    'spillway.processor.log.received': 3,
    'spillway.processor.log.passed': 1,
    'spillway.processor.log.held': 2,
  });
});

test('where a script ends, what is held goes to `untriggered`, if there is one', async () => {
  const untriggered = new Collector();
  const listeners = process.listenerCount('beforeExit');
  const { delegate, processor, emit } = setUp({ untriggered });
  emit(1, INFO, 'a');
  emit(0, INFO, 'b');
  process.listeners('beforeExit').at(-1)?.(0);
  expect(untriggered.lines).toEqual(['a', 'b']);
  expect(delegate.lines).toEqual([]);
  expect(processor.stats()).toMatchObject({ passed: 2, held: 0 });
  emit(1, INFO, 'c');
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(c)', 'error']);
  await processor.shutdown();
  expect(process.listenerCount('beforeExit')).toBe(listeners);
});
