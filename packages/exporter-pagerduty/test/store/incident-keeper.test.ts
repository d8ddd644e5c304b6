import { ThrottledDiag } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { IncidentKeeper } from '../../src/store/incident-keeper.ts';
import type { IncidentStore, StoredState } from '../../src/store/incident-store.ts';

const STATE: StoredState = { schema: 1, instanceId: 'one', incidents: [] };

let saved: StoredState[];
let adopted: StoredState[];

function keep(store: Partial<IncidentStore>): IncidentKeeper {
  const whole = { load: () => undefined, save: (state: StoredState) => void saved.push(state), ...store };
  return new IncidentKeeper({
    store: whole,
    state: () => ({ ...STATE, instanceId: `save ${saved.length + 1}` }),
    adopt: (state) => void adopted.push(state),
    diag: new ThrottledDiag({ namespace: 'test' }),
  });
}

/** The prototype of promises of another realm. */
const ForeignPromise = Object.create(
  null,
  Object.getOwnPropertyDescriptors(Promise.prototype),
) as typeof Promise.prototype;

function thenable<T>(value: T): Promise<T> {
  return Object.setPrototypeOf(Promise.resolve(value), ForeignPromise);
}

function fail(): never {
  throw new Error('no');
}

beforeEach(() => {
  saved = [];
  adopted = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('IncidentKeeper', () => {
  it('takes over what the store has, and saves within the call', () => {
    const keeper = keep({ load: () => STATE });
    keeper.load();
    expect(adopted).toEqual([STATE]);
    keeper.save();
    expect([saved.length, keeper.isSaved]).toEqual([1, true]);
  });

  it('takes over no more of it than is right', () => {
    keep({ load: () => ({ ...STATE, incidents: [{}] }) as unknown as StoredState }).load();
    keep({ load: () => 'nonsense' as unknown as StoredState }).load();
    expect(adopted).toEqual([STATE]);
  });

  it('waits for what is a promise but by its `then`, as clients of databases have it', async () => {
    const keeper = keep({ load: () => thenable(STATE), save: (state) => thenable(void saved.push(state)) });
    keeper.load();
    keeper.save();
    expect([adopted.length, saved.length]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(0);
    expect([adopted, saved.length, keeper.isSaved]).toEqual([[STATE], 1, true]);
  });

  it('saves what changes all the time once in five seconds', async () => {
    const keeper = keep({});
    keeper.load();
    for (let index = 0; index < 100; index += 1) keeper.saveSoon();
    await vi.advanceTimersByTimeAsync(4999);
    expect(saved).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toHaveLength(1);
  });

  it('saves nothing over what it could not read, and asks for that again', async () => {
    let isHeld = true;
    const keeper = keep({ load: () => (isHeld ? fail() : STATE) });
    keeper.load();
    keeper.save();
    expect([saved, keeper.isSaved]).toEqual([[], false]);
    isHeld = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect([adopted.length, saved.length, keeper.isSaved]).toEqual([1, 1, true]);
  });

  it('says that nothing is saved where a save fails', () => {
    const keeper = keep({ save: fail });
    keeper.load();
    keeper.save();
    expect(keeper.isSaved).toBe(false);
  });

  it('waits for a store that is asynchronous, one save at a time, the latest state last', async () => {
    const ends: (() => void)[] = [];
    const keeper = keep({
      load: () => Promise.resolve(STATE),
      save: (state) =>
        new Promise<void>((resolve) => {
          saved.push(state);
          ends.push(resolve);
        }),
    });
    keeper.load();
    keeper.save();
    await vi.advanceTimersByTimeAsync(0);
    expect([adopted.length, saved.length]).toEqual([1, 1]);
    for (let index = 0; index < 5; index += 1) keeper.save();
    expect(saved).toHaveLength(1);
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect([saved.length, keeper.isSaved]).toEqual([2, false]);
    const closing = keeper.close();
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    ends.shift()?.();
    await closing;
    expect([saved.length, keeper.isSaved]).toEqual([3, true]);
  });

  it('does not ask a store without end that rejects everything', async () => {
    let loads = 0;
    const keeper = keep({
      load: () => {
        loads += 1;
        return Promise.reject(new Error('no'));
      },
    });
    keeper.load();
    keeper.save();
    await vi.advanceTimersByTimeAsync(1000);
    expect(loads).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loads).toBeLessThan(15);
    await keeper.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets go of the store, also where that fails', async () => {
    const keeper = keep({ close: fail });
    await expect(keeper.close()).resolves.toBeUndefined();
  });

  it('keeps nothing without a store', async () => {
    const keeper = new IncidentKeeper({
      store: undefined,
      state: () => STATE,
      adopt: () => {},
      diag: new ThrottledDiag({ namespace: 'test' }),
    });
    keeper.load();
    keeper.save();
    keeper.saveSoon();
    await keeper.close();
    expect([keeper.isSaved, vi.getTimerCount()]).toEqual([false, 0]);
  });
});
