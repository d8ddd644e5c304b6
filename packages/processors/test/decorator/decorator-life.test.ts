import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DecoratorLife, type LifeHooks } from '../../src/decorator/decorator-life.ts';
import { Delegate } from '../../src/decorator/delegate.ts';
import {
  fakeTime,
  never,
  pass,
  rejecting,
  settle,
  settledAt,
  StubProcessor,
  taking,
  throwing,
} from './stub-processor.ts';

beforeEach(fakeTime);
afterEach(() => void vi.useRealTimers());

interface Setup {
  readonly life: DecoratorLife;
  readonly failures: string[];
}

function setUp(delegates: readonly StubProcessor[], last?: StubProcessor, hooks: LifeHooks = {}): Setup {
  const failures: string[] = [];
  const life = new DecoratorLife(hooks);
  const guard = (processor: StubProcessor, index: number): Delegate =>
    new Delegate(processor, (operation, error) => void failures.push(`${index} ${operation} ${(error as Error).name}`));
  delegates.forEach((processor, index) => life.add(guard(processor, index)));
  if (last !== undefined) life.addLast(guard(last, -1));
  return { life, failures };
}

const stubs = (count: number): StubProcessor[] => Array.from({ length: count }, () => new StubProcessor());

test('one delegate gets the whole budget, and is not flushed before its shutdown, which flushes by itself', async () => {
  const only = new StubProcessor();
  const { life } = setUp([only]);
  await life.forceFlush({ timeoutMillis: 1234 });
  await life.shutdown({ timeoutMillis: 999 });
  expect(only.calls).toEqual([
    { at: 0, method: 'forceFlush', timeoutMillis: 1234 },
    { at: 0, method: 'shutdown', timeoutMillis: 999 },
  ]);
});

test('without a budget a flush has 30 s and a shutdown 5 s', async () => {
  for (const options of [undefined, {}, { timeoutMillis: Number.NaN }, { timeoutMillis: -1 }]) {
    const only = new StubProcessor();
    const { life } = setUp([only]);
    await life.forceFlush(options);
    await life.shutdown(options);
    expect(only.calls.map(({ timeoutMillis }) => timeoutMillis)).toEqual([30_000, 5000]);
  }
});

test('several are flushed at the same time, then shut down at the same time', async () => {
  const slow = new StubProcessor({ whenFlushed: taking(400), whenShutDown: taking(200) });
  const quick = new StubProcessor();
  const { life, failures } = setUp([slow, quick]);
  const shutdown = settledAt(life.shutdown({ timeoutMillis: 1000 }));
  await pass(1000);
  const expected = [
    { at: 0, method: 'forceFlush', timeoutMillis: 500 },
    { at: 400, method: 'shutdown', timeoutMillis: 600 },
  ];
  expect([slow.calls, quick.calls, shutdown.at, failures]).toEqual([expected, expected, 600, []]);
});

test('one that hangs costs the others nothing', async () => {
  for (const budget of [0, 1, 1000, 5000]) {
    const hanging = new StubProcessor({ whenFlushed: never, whenShutDown: never });
    const failing = new StubProcessor({ whenFlushed: rejecting, whenShutDown: throwing });
    const others = stubs(2);
    const { life, failures } = setUp([hanging, failing, ...others]);
    const begin = performance.now();
    const flush = settledAt(life.forceFlush({ timeoutMillis: budget }));
    await pass(budget + 1);
    expect(flush.at).toBeGreaterThanOrEqual(begin + budget);
    const shutdown = settledAt(life.shutdown({ timeoutMillis: budget }));
    await pass(budget + 3);
    expect(shutdown.at).toBeDefined();
    for (const { methods } of [hanging, failing, ...others]) {
      expect(methods).toEqual(['forceFlush', 'forceFlush', 'shutdown']);
    }
    expect(failures.filter((failure) => failure.startsWith('0')).map((failure) => failure.split(' ')[2])).toEqual(
      Array(3).fill('DelegateTimeoutError'),
    );
    expect(failures.filter((failure) => failure.startsWith('1'))).toHaveLength(3);
    expect(failures).toHaveLength(6);
  }
});

test('an endless budget does not keep delegates from their shutdown because another one hangs in its flush', async () => {
  const hanging = new StubProcessor({ whenFlushed: never, whenShutDown: never });
  const other = new StubProcessor();
  const last = new StubProcessor();
  const { life } = setUp([hanging, other], last);
  const shutdown = settledAt(life.shutdown({ timeoutMillis: Infinity }));
  await pass(61_000);
  expect(other.calls).toEqual([
    { at: 0, method: 'forceFlush', timeoutMillis: 30_000 },
    { at: 30_000, method: 'shutdown', timeoutMillis: 30_000 },
  ]);
  expect(last.calls.at(-1)).toEqual({ at: 60_000, method: 'shutdown', timeoutMillis: Infinity });
  expect(shutdown.at).toBe(60_000);
  const only = setUp([hanging]);
  const flush = settledAt(only.life.forceFlush({ timeoutMillis: Infinity }));
  await pass(2 ** 31 - 2);
  expect(flush.at).toBeUndefined();
  await pass(2);
});

test('the last one is flushed with the others and shut down after them, with time left for it', async () => {
  const hanging = new StubProcessor({ whenFlushed: never, whenShutDown: never });
  const last = new StubProcessor({ whenShutDown: never });
  const { life } = setUp([hanging], last);
  const shutdown = settledAt(life.shutdown({ timeoutMillis: 1000 }));
  await pass(1000);
  expect(hanging.calls).toEqual([
    { at: 0, method: 'forceFlush', timeoutMillis: 500 },
    { at: 500, method: 'shutdown', timeoutMillis: 250 },
  ]);
  expect(last.calls).toEqual([
    { at: 0, method: 'forceFlush', timeoutMillis: 500 },
    { at: 750, method: 'shutdown', timeoutMillis: 250 },
  ]);
  expect(shutdown.at).toBe(1000);
});

test('a shutdown happens once, also where a delegate asks for it while it is told', async () => {
  const only = new StubProcessor();
  const { life } = setUp([only]);
  const seen: Promise<void>[] = [];
  only.whenShutDown = () => void seen.push(life.shutdown(undefined));
  const shutdown = life.shutdown(undefined);
  await shutdown;
  expect(seen).toEqual([shutdown]);
  expect(seen[0]).toBe(shutdown);
  expect(only.methods).toEqual(['shutdown']);
});

test('a flush during a shutdown waits for that, no longer than its own budget', async () => {
  const only = new StubProcessor({ whenShutDown: taking(500) });
  const { life } = setUp([only]);
  void life.shutdown(undefined);
  const short = settledAt(life.forceFlush({ timeoutMillis: 100 }));
  const long = settledAt(life.forceFlush({ timeoutMillis: 1000 }));
  await pass(1000);
  expect([short.at, long.at, only.methods]).toEqual([100, 500, ['shutdown']]);
});

test('delegates share the time of a flush without asynchronous work', () => {
  const slow = new StubProcessor({ whenFlushedSync: () => vi.advanceTimersByTime(70) });
  const [quick, other, last] = stubs(3) as [StubProcessor, StubProcessor, StubProcessor];
  const { life } = setUp([quick, slow, other], last);
  life.flushSync(120);
  const budgets = [quick, slow, other, last].map(({ calls }) => calls[0]?.timeoutMillis);
  expect(budgets).toEqual([30, 40, 25, 50]);
});

test('flushSync passes on while a shutdown runs, which a crash would end, and does nothing after it', async () => {
  const only = new StubProcessor({ whenShutDown: taking(100) });
  const { life } = setUp([only]);
  const shutdown = settledAt(life.shutdown(undefined));
  await settle();
  life.flushSync(10);
  expect(only.methods).toEqual(['shutdown', 'flushSync']);
  await pass(100);
  expect(shutdown.at).toBe(100);
  life.flushSync(10);
  expect(only.methods).toHaveLength(2);
});

test('hooks come before the delegates are told, and after a flush', async () => {
  const order: string[] = [];
  const only = new StubProcessor({
    whenFlushed: () => order.push('flushed'),
    whenShutDown: () => order.push('shut down'),
    whenFlushedSync: () => order.push('flushed at once'),
  });
  const { life } = setUp([only], undefined, {
    beforeFlush: () => void order.push('before flush'),
    afterFlush: async (deadline) => void order.push(`after flush, ${deadline.remainingMillis} ms left`),
    beforeShutdown: () => void order.push('before shutdown'),
  });
  await life.forceFlush({ timeoutMillis: 100 });
  life.flushSync(10);
  await life.shutdown(undefined);
  await life.forceFlush(undefined);
  life.flushSync(10);
  expect(order).toEqual([
    'before flush',
    'flushed',
    'after flush, 100 ms left',
    'before flush',
    'flushed at once',
    'before shutdown',
    'shut down',
  ]);
});

test('once a shutdown has begun, hooks of a flush are not called any more', async () => {
  const hooks = { beforeFlush: vi.fn<() => void>(), afterFlush: vi.fn<() => Promise<void>>(async () => {}) };
  const { life } = setUp([new StubProcessor({ whenFlushed: taking(100) })], undefined, hooks);
  const flush = settledAt(life.forceFlush(undefined));
  await settle();
  const shutdown = life.shutdown(undefined);
  life.flushSync(10);
  await shutdown;
  await pass(100);
  expect(flush.at).toBe(100);
  expect([hooks.beforeFlush.mock.calls.length, hooks.afterFlush.mock.calls.length]).toEqual([1, 0]);
});

test('a flushSync in the turn of the shutdown still finds what the decorator has to hand on, once', async () => {
  const delegate = new StubProcessor();
  const hooks = { beforeFlush: vi.fn<() => void>(), beforeShutdown: vi.fn<() => void>() };
  const { life } = setUp([delegate], undefined, hooks);
  const shutdown = life.shutdown(undefined);
  expect(hooks.beforeShutdown).not.toHaveBeenCalled();
  life.flushSync(10);
  expect(hooks.beforeShutdown).toHaveBeenCalledOnce();
  await shutdown;
  expect(hooks.beforeShutdown).toHaveBeenCalledOnce();
  expect(hooks.beforeFlush).not.toHaveBeenCalled();
});
