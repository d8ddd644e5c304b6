import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { BurstLimiter } from '../../src/burst-drop/burst-limiter.ts';
import { FirstThenEveryLimiter } from '../../src/burst-drop/first-then-every-limiter.ts';
import { GcraLimiter } from '../../src/burst-drop/gcra-limiter.ts';
import { MinIntervalLimiter } from '../../src/burst-drop/min-interval-limiter.ts';

const MILLION = 1_000_000;

/** Times at which records come to one cell, in order. */
const times = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }).map((gaps) =>
  gaps.map(
    (
      (now) => (gap: number) =>
        (now += gap)
    )(0),
  ),
);

function admitted(limiter: BurstLimiter, at: readonly number[]): number[] {
  return at.filter((now) => limiter.admit(0, now));
}

test('of n records in a window min(n, first) + floor(max(0, n - first) / thereafter) pass, for every n to a million', () => {
  for (const [first, thereafter] of [
    [10, 5],
    [100, 100],
    [0, 7],
    [3, 0],
    [0, 0],
    [1, 1],
  ] as const) {
    const limiter = new FirstThenEveryLimiter(1, first, thereafter, 1000);
    let kept = 0;
    let deviations = 0;
    for (let n = 1; n <= MILLION; n += 1) {
      if (limiter.admit(0, 5 + (n / MILLION) * 999)) kept += 1;
      const rest = thereafter === 0 ? 0 : Math.floor(Math.max(0, n - first) / thereafter);
      if (kept !== Math.min(n, first) + rest) deviations += 1;
    }
    expect(deviations).toBe(0);
  }
});

test('of 100 records with a first of 10 and every 5th thereafter 28 pass', () => {
  expect(admitted(new FirstThenEveryLimiter(1, 10, 5, 1000), Array(100).fill(0))).toHaveLength(28);
});

test('a window starts with the first record after the last one has ended', () => {
  const limiter = new FirstThenEveryLimiter(1, 1, 0, 100);
  expect(admitted(limiter, [30, 50, 129, 130, 131, 229, 500, 599, 600])).toEqual([30, 130, 500, 600]);
  expect(limiter.windowStart(0)).toBe(600);
});

test('windows do what a list of all records of the window would', () => {
  fc.assert(
    fc.property(times, fc.nat(5), fc.nat(4), fc.integer({ min: 1, max: 900 }), (at, first, thereafter, interval) => {
      const limiter = new FirstThenEveryLimiter(1, first, thereafter, interval);
      let window: number[] = [];
      const expected = at.filter((now) => {
        if (window.length > 0 && now - (window[0] as number) >= interval) window = [];
        window.push(now);
        const after = window.length - first;
        return after <= 0 || (thereafter > 0 && after % thereafter === 0);
      });
      expect(admitted(limiter, at)).toEqual(expected);
    }),
  );
});

test('a rate passes its burst at one instant, and then exactly one in each interval, for a million of them', () => {
  for (const [perSecond, burst] of [
    [3, 1],
    [10, 10],
    [7, 20],
    [0.3, 2],
    [999, 5],
    [100_000, 1],
  ] as const) {
    const limiter = new GcraLimiter(1, perSecond, burst);
    const start = 12_345.678;
    const interval = 1000 / perSecond;
    let passed = 0;
    for (let n = 0; n < burst + 10; n += 1) if (limiter.admit(0, start)) passed += 1;
    expect(passed).toBe(burst);
    let deviations = 0;
    for (let n = 1; n <= MILLION; n += 1) {
      if (limiter.admit(0, start + (n - 0.001) * interval)) deviations += 1;
      if (!limiter.admit(0, start + n * interval)) deviations += 1;
      if (limiter.admit(0, start + n * interval)) deviations += 1;
    }
    expect(deviations).toBe(0);
  }
});

test('a rate holds over any span: no more than its burst and what the span allows, and no less than it could', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 6 }), (at, perSecond, burst) => {
      // A bucket that fills with whole units: exact where one record is worth 1,000 of them.
      let level = burst * 1000;
      let last = 0;
      const expected = at.filter((now) => {
        level = Math.min(burst * 1000, level + (now - last) * perSecond);
        last = now;
        if (level < 1000) return false;
        level -= 1000;
        return true;
      });
      expect(admitted(new GcraLimiter(1, perSecond, burst), at)).toEqual(expected);
    }),
  );
});

test('a minimum interval counts from the last record that passed, for a million of them', () => {
  const limiter = new MinIntervalLimiter(1, 2);
  let deviations = 0;
  for (let n = 0; n < MILLION; n += 1) if (limiter.admit(0, n * 0.5) !== (n % 4 === 0)) deviations += 1;
  expect(deviations).toBe(0);
});

test('a minimum interval does what a memory of the last record that passed would', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 500 }), (at, interval) => {
      const expected: number[] = [];
      for (const now of at) if (expected.every((passed) => now - passed >= interval)) expected.push(now);
      const passed = admitted(new MinIntervalLimiter(1, interval), at);
      expect(passed).toEqual(expected);
    }),
  );
});

test('a cell knows nothing of others, and nothing of its past once it is reset', () => {
  for (const limiter of [
    new FirstThenEveryLimiter(3, 2, 0, 1000),
    new GcraLimiter(3, 1, 2),
    new MinIntervalLimiter(3, 1000),
  ]) {
    const burst = (cell: number): boolean[] => [0, 0, 0].map(() => limiter.admit(cell, 77));
    const fresh = burst(0);
    expect(fresh).toContain(false);
    expect(burst(2)).toEqual(fresh);
    expect(burst(0)).toEqual([false, false, false]);
    limiter.reset(0);
    expect(burst(0)).toEqual(fresh);
    expect(burst(2)).toEqual([false, false, false]);
    expect(burst(1)).toEqual(fresh);
  }
});
