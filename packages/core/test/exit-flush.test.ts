import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { flushBeforeExit, onBeforeExit } from '../src/node-exit-flush.ts';
import { onPageHidden } from '../src/page-lifecycle.ts';

/** What other code of the test process listens to stays out of it. */
const others = process.listeners('beforeExit');

function emitBeforeExit(): void {
  for (const listener of process.listeners('beforeExit')) {
    if (!others.includes(listener)) listener(0);
  }
}

const listenerCount = (): number => process.listenerCount('beforeExit') - others.length;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(listenerCount()).toBe(0);
});

test('all callbacks share one listener, which goes with the last of them', () => {
  const stops = Array.from({ length: 20 }, () => onBeforeExit(() => {}));
  expect(listenerCount()).toBe(1);
  for (const stop of stops.slice(1)) stop();
  expect(listenerCount()).toBe(1);
  stops[0]?.();
  stops[0]?.();
  expect(listenerCount()).toBe(0);
  onBeforeExit(() => {})();
});

test('the latest comes first, so that a decorator hands on before its delegate is flushed', () => {
  const order: string[] = [];
  const stops = ['delegate', 'decorator', 'outermost'].map((name) => onBeforeExit(() => void order.push(name)));
  emitBeforeExit();
  expect(order).toEqual(['outermost', 'decorator', 'delegate']);
  for (const stop of stops) stop();
});

test('a callback may stop itself and others while all are called', () => {
  const called: number[] = [];
  const stops: (() => void)[] = [];
  for (const index of [0, 1, 2]) {
    stops.push(
      onBeforeExit(() => {
        called.push(index);
        for (const stop of stops) stop();
      }),
    );
  }
  emitBeforeExit();
  expect(called).toEqual([2, 1, 0]);
});

test('only what is new is flushed, within one budget for the whole process', async () => {
  const budgets: number[] = [];
  const target = {
    entered: 1,
    forceFlush: ({ timeoutMillis }: { timeoutMillis: number }) => {
      budgets.push(timeoutMillis);
      return new Promise<void>((resolve) => setTimeout(resolve, 3000));
    },
  };
  const stop = flushBeforeExit(target);
  for (let turn = 0; turn < 4; turn += 1) {
    emitBeforeExit();
    emitBeforeExit();
    await vi.advanceTimersByTimeAsync(3000);
    target.entered += 1;
  }
  expect(budgets).toEqual([5000, 2000]);
  stop();
});

test('a flush that fails costs its time, and disturbs nobody', async () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', unhandled);
  const budgets: number[] = [];
  const target = {
    entered: 1,
    forceFlush: async ({ timeoutMillis }: { timeoutMillis: number }) => {
      budgets.push(timeoutMillis);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      throw new Error('failed');
    },
  };
  const stop = flushBeforeExit(target);
  emitBeforeExit();
  await vi.advanceTimersByTimeAsync(1000);
  target.entered += 1;
  emitBeforeExit();
  await vi.advanceTimersByTimeAsync(1000);
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  process.off('unhandledRejection', unhandled);
  expect(budgets).toEqual([5000, 4000]);
  expect(unhandled).not.toHaveBeenCalled();
});

test('a process without records is not kept from ending', () => {
  const forceFlush = vi.fn<() => Promise<void>>(async () => {});
  const stop = flushBeforeExit({ entered: 0, forceFlush });
  emitBeforeExit();
  expect(forceFlush).not.toHaveBeenCalled();
  stop();
});

test('where there is neither a process nor a page nothing is listened to', () => {
  vi.stubGlobal('process', undefined);
  const stops = [onBeforeExit(() => {}), onPageHidden(() => {})];
  for (const stop of stops) stop();
  vi.unstubAllGlobals();
  expect(listenerCount()).toBe(0);
});
