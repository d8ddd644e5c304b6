import { AsyncLocalStorage } from 'node:async_hooks';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ConcurrencyLimiter } from '@spillway/concurrency';

/** A function for the limiter whose end the test decides, and a note of those that started. */
function controlled() {
  const started: number[] = [];
  const finishers = new Map<number, () => void>();
  const task = (id: number) => () => {
    started.push(id);
    return new Promise<number>((resolve) => {
      finishers.set(id, () => resolve(id));
    });
  };
  const finish = async (id: number): Promise<void> => {
    finishers.get(id)?.();
    await turns();
  };
  return { started, task, finish };
}

/** Lets everything that can happen without a timer happen. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

/** The promise's outcome, handled from the start so that no rejection is unhandled. */
function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

describe('run', () => {
  test('starts at once, in the same turn, while a slot is free, and answers what the function answers', async () => {
    const limiter = new ConcurrencyLimiter(1);
    const fn = vi.fn<() => string>(() => 'answer');
    const result = limiter.run(fn);
    expect(fn).toHaveBeenCalledTimes(1);
    expect(await result).toBe('answer');
  });

  test('never runs more than the limit, and starts waiters in the order they came', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(2);
    const results = [1, 2, 3, 4].map((id) => limiter.run(task(id)));
    expect(started).toEqual([1, 2]);
    expect([limiter.activeCount, limiter.pendingCount]).toEqual([2, 2]);
    await finish(2);
    expect(started).toEqual([1, 2, 3]);
    await finish(1);
    await finish(3);
    await finish(4);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
    expect([limiter.activeCount, limiter.pendingCount]).toEqual([0, 0]);
  });

  test('one that comes while a waiter is being admitted does not overtake it', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const first = limiter.run(task(1));
    void limiter.run(task(2));
    void finish(1);
    await first;
    void limiter.run(task(3));
    await turns();
    expect(started).toEqual([1, 2]);
    expect(limiter.activeCount).toBe(1);
  });

  test('a function that throws or rejects frees its slot and rejects its run only', async () => {
    const limiter = new ConcurrencyLimiter(1);
    const thrown = limiter.run(() => {
      throw new Error('thrown');
    });
    const rejected = limiter.run(() => Promise.reject(new Error('rejected')));
    const fine = limiter.run(() => 'fine');
    await expect(thrown).rejects.toThrow('thrown');
    await expect(rejected).rejects.toThrow('rejected');
    expect(await fine).toBe('fine');
  });

  test('runs each function in the AsyncLocalStorage context of its submitter', async () => {
    const storage = new AsyncLocalStorage<string>();
    const { task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    void storage.run('blocker', () => limiter.run(task(0)));
    const seen = ['a', 'b', 'c'].map((name) =>
      storage.run(name, () =>
        limiter.run(async () => {
          const before = storage.getStore();
          await Promise.resolve();
          return [before, storage.getStore()];
        }),
      ),
    );
    await storage.run('finisher', () => finish(0));
    expect(await Promise.all(seen)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
  });
});

describe('the waiting room', () => {
  test('is bounded: one more is rejected with a QueueFullError and not called', async () => {
    const { task } = controlled();
    const limiter = new ConcurrencyLimiter(1, { maxQueueSize: 1 });
    void limiter.run(task(1));
    void limiter.run(task(2));
    const fn = vi.fn<() => void>();
    await expect(limiter.run(fn)).rejects.toMatchObject({
      name: 'QueueFullError',
      message: '1 functions wait already.',
    });
    expect(fn).not.toHaveBeenCalled();
    expect(limiter.pendingCount).toBe(1);
  });

  test('of size 0 lets nobody wait', async () => {
    const { task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1, { maxQueueSize: 0 });
    void limiter.run(task(1));
    await expect(limiter.run(() => 2)).rejects.toHaveProperty('name', 'QueueFullError');
    await finish(1);
    expect(await limiter.run(() => 3)).toBe(3);
  });

  test('is left at once by a waiter that is aborted, wherever it stands', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const controller = new AbortController();
    void limiter.run(task(1));
    const results = [2, 3, 4].map((id) =>
      outcome(limiter.run(task(id), id === 3 ? { signal: controller.signal } : {})),
    );
    controller.abort('stop');
    expect(limiter.pendingCount).toBe(2);
    expect(await results[1]).toEqual({ error: 'stop' });
    for (const id of [1, 2, 4]) await finish(id);
    expect(started).toEqual([1, 2, 4]);
  });

  test('is not entered with a signal that is aborted already', async () => {
    const limiter = new ConcurrencyLimiter(1);
    const fn = vi.fn<() => void>();
    await expect(limiter.run(fn, { signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
    expect(fn).not.toHaveBeenCalled();
    expect(limiter.activeCount).toBe(0);
  });

  test('a waiter aborted in the turn it gets its slot is not called, and the slot goes on to the next', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const controller = new AbortController();
    void limiter.run(task(1));
    const aborted = outcome(limiter.run(task(2), { signal: controller.signal }));
    void limiter.run(task(3));
    // Both happen before the waiter's own turn: it gets the slot, then its signal is aborted.
    limiter.limit = 2;
    controller.abort('stop');
    expect(await aborted).toEqual({ error: 'stop' });
    await turns();
    expect(started).toEqual([1, 3]);
    await finish(1);
    await finish(3);
    expect(limiter.activeCount).toBe(0);
  });

  test('an aborted signal does not stop a function that runs', async () => {
    const { task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const controller = new AbortController();
    const result = limiter.run(task(1), { signal: controller.signal });
    controller.abort('stop');
    await finish(1);
    expect(await result).toBe(1);
  });
});

describe('limit', () => {
  test('raised starts waiters at once; lowered lets the running ones end', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    for (let id = 1; id <= 6; id += 1) void limiter.run(task(id));
    limiter.limit = 4;
    expect(limiter.activeCount).toBe(4);
    await turns();
    expect(started).toEqual([1, 2, 3, 4]);
    limiter.limit = 2;
    await finish(1);
    await finish(2);
    expect(started).toHaveLength(4);
    await finish(3);
    expect(started).toEqual([1, 2, 3, 4, 5]);
    expect(limiter.limit).toBe(2);
  });

  test.each([0, -1, 1.5, Number.NaN, '5' as never])('of %s is refused, by the constructor and later', (limit) => {
    expect(() => new ConcurrencyLimiter(limit)).toThrow('Expected `limit` to be an integer from 1 and up');
    const limiter = new ConcurrencyLimiter(5);
    expect(() => Object.assign(limiter, { limit })).toThrow('Expected `limit`');
    expect(limiter.limit).toBe(5);
  });

  test('a waiting room of a size below 0 is refused', () => {
    expect(() => new ConcurrencyLimiter(1, { maxQueueSize: -1 })).toThrow('Expected `maxQueueSize` to be an integer');
  });
});

describe('close', () => {
  test('settles every waiter, rejects later runs, and lets running functions end', async () => {
    const { started, task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const { signal } = new AbortController();
    const running = limiter.run(task(1));
    const waiting = [outcome(limiter.run(task(2))), outcome(limiter.run(task(3), { signal }))];
    limiter.close('shutdown');
    limiter.close('again');
    const closed = { error: expect.objectContaining({ name: 'LimiterClosedError', cause: 'shutdown' }) };
    expect(await Promise.all(waiting)).toEqual([closed, closed]);
    expect(await outcome(limiter.run(task(4)))).toEqual(closed);
    await finish(1);
    expect(await running).toBe(1);
    await limiter.onIdle();
    expect(started).toEqual([1]);
  });

  test('has no cause where no reason was given', async () => {
    const limiter = new ConcurrencyLimiter(1);
    limiter.close();
    await expect(limiter.run(() => 1)).rejects.not.toHaveProperty('cause');
  });
});

describe('onIdle', () => {
  test('resolves at once where nothing runs', async () => {
    await expect(new ConcurrencyLimiter(1).onIdle()).resolves.toBeUndefined();
  });

  test('resolves for everybody when the last one has ended', async () => {
    const { task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    void limiter.run(task(1));
    void limiter.run(task(2));
    let idle = 0;
    const waits = [limiter.onIdle(), limiter.onIdle()].map((promise) => promise.then(() => (idle += 1)));
    await finish(1);
    expect(idle).toBe(0);
    await finish(2);
    await Promise.all(waits);
    expect(idle).toBe(2);
  });
});

describe('100,000 waiters', () => {
  const count = 100_000;

  test('with one signal need one listener, and none is left when they have run', async () => {
    const { task, finish } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    void limiter.run(task(0));
    const order: number[] = [];
    const results = Array.from({ length: count }, (_, id) => limiter.run(() => order.push(id), { signal }));
    expect(add).toHaveBeenCalledTimes(1);
    await finish(0);
    await Promise.all(results);
    expect(order).toEqual(Array.from({ length: count }, (_, id) => id));
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });

  test('that are aborted one by one, the newest first, all leave', async () => {
    const { task } = controlled();
    const limiter = new ConcurrencyLimiter(1);
    void limiter.run(task(0));
    const controllers = Array.from({ length: count }, () => new AbortController());
    const results = controllers.map(({ signal }) => outcome(limiter.run(task(1), { signal })));
    for (const controller of controllers.toReversed()) controller.abort('stop');
    expect(limiter.pendingCount).toBe(0);
    expect(await Promise.all(results)).toEqual(Array.from({ length: count }, () => ({ error: 'stop' })));
  });
});

function pickOf(ids: number[], pick: number): number | undefined {
  return ids[pick % (ids.length || 1)];
}

test('whatever is submitted, finished, aborted and resized, the same functions run as in a naive model', async () => {
  const step = fc.record({ act: fc.constantFrom('run', 'run', 'finish', 'abort', 'resize'), pick: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { started, task, finish } = controlled();
      const limiter = new ConcurrencyLimiter(2, { maxQueueSize: 5 });
      const controllers: AbortController[] = [];
      const model = { limit: 2, started: [] as number[], running: [] as number[], waiting: [] as number[] };
      for (const { act, pick } of steps) {
        if (act === 'run') {
          const controller = new AbortController();
          const id = controllers.push(controller) - 1;
          void outcome(limiter.run(task(id), { signal: controller.signal }));
          const fits = model.running.length < model.limit || model.waiting.length < 5;
          if (fits) model.waiting.push(id);
        } else if (act === 'finish') {
          const id = pickOf(model.running, pick);
          model.running = model.running.filter((other) => other !== id);
          if (id !== undefined) await finish(id);
        } else if (act === 'abort') {
          const id = pickOf(model.waiting, pick);
          model.waiting = model.waiting.filter((other) => other !== id);
          if (id !== undefined) controllers[id]?.abort();
        } else {
          model.limit = 1 + (pick % 4);
          limiter.limit = model.limit;
        }
        while (model.running.length < model.limit && model.waiting.length > 0) {
          const id = model.waiting.shift() as number;
          model.running.push(id);
          model.started.push(id);
        }
        await turns();
        expect(started).toEqual(model.started);
        expect(limiter.activeCount).toBe(model.running.length);
        expect(limiter.pendingCount).toBe(model.waiting.length);
      }
    }),
  );
});
