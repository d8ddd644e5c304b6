import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  Deadline,
  type DeadlineOptions,
  readTimeoutMillis,
  untilDeadline,
  workUntilDeadline,
} from '../src/deadline.ts';

const throwing = {
  get timeoutMillis(): number {
    throw new Error('a getter of the caller');
  },
};

/** What callers may give that is no budget. */
const NO_BUDGETS: readonly unknown[] = [
  undefined,
  null,
  {},
  7,
  'soon',
  throwing,
  ...[undefined, null, Number.NaN, -1, -Infinity, '10', 10n, {}].map((timeoutMillis) => ({ timeoutMillis })),
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'], now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** When a promise resolves, on the clock that `performance.now()` shows. */
function settledAt(promise: Promise<unknown>): { at: number | undefined } {
  const state: { at: number | undefined } = { at: undefined };
  void promise.then(() => (state.at = performance.now()));
  return state;
}

const after = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

function fail(): never {
  throw new Error('failed');
}

describe('a budget', () => {
  test('is what the caller gave where that is a number from 0 up', () => {
    for (const timeoutMillis of [0, 0.5, 10, 1e300, Infinity]) {
      expect(readTimeoutMillis({ timeoutMillis }, 5)).toBe(timeoutMillis);
    }
  });

  test('is the default where the caller gave anything else, and reading it never throws', () => {
    for (const options of NO_BUDGETS) expect(readTimeoutMillis(options as DeadlineOptions, 5)).toBe(5);
  });
});

describe('a deadline', () => {
  test('says what is left, and never less than nothing', () => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(30);
    expect([deadline.at, deadline.remainingMillis]).toEqual([100, 70]);
    vi.advanceTimersByTime(100);
    expect(deadline.remainingMillis).toBe(0);
    expect(new Deadline(Infinity).remainingMillis).toBe(Infinity);
  });

  test('follows the clock that it is given', () => {
    let now = 1000;
    const deadline = new Deadline(100, () => now);
    now = 1060;
    expect([deadline.at, deadline.remainingMillis]).toEqual([1100, 40]);
  });
});

describe('waiting', () => {
  test.each<[how: string, end: () => void]>([
    ['succeeds', () => {}],
    ['fails', fail],
  ])('for work that %s ends with it', async (_how, end) => {
    const waiting = settledAt(workUntilDeadline(new Deadline(1000), after(300).then(end)));
    await vi.advanceTimersByTimeAsync(1000);
    expect(waiting.at).toBe(300);
  });

  test('ends at the deadline, rounded up to what a timer can do, and stops then', async () => {
    const stop = vi.fn<() => void>();
    const waiting = settledAt(untilDeadline(new Deadline(99.5), () => stop));
    await vi.advanceTimersByTimeAsync(99);
    expect([waiting.at, stop.mock.calls.length]).toEqual([undefined, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect([waiting.at, stop.mock.calls.length]).toEqual([100, 1]);
  });

  test.each([Infinity, 2 ** 31, 1e300])('with a budget of %d ms does not end at once', async (millis) => {
    const waiting = settledAt(workUntilDeadline(new Deadline(millis), after(10_000)));
    await vi.advanceTimersByTimeAsync(9999);
    expect(waiting.at).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(waiting.at).toBe(10_000);
  });

  test('for work ends at once where no time is left, and what becomes of the work disturbs nobody', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on('unhandledRejection', unhandled);
    await workUntilDeadline(new Deadline(0), Promise.reject(new Error('failed')));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('for what is there already ends at once', async () => {
    const waiting = settledAt(untilDeadline(new Deadline(1000), () => undefined));
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting.at).toBe(0);
  });
});
