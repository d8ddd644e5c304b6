import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from '@spillway/concurrency';

const rates = fc.double({ min: 0.5, max: 10_000, noNaN: true });
const bursts = fc.integer({ min: 1, max: 1000 });
const requests = (maxCount: number) =>
  fc.array(fc.tuple(fc.double({ min: 0, max: 5000, noNaN: true }), fc.integer({ min: 1, max: maxCount })), {
    maxLength: 60,
  });

/** The most that was taken in any window, above what the rate alone allows. */
function mostAboveRate(taken: readonly { at: number; count: number }[], ratePerSecond: number): number {
  let most = 0;
  for (const [start, { at }] of taken.entries()) {
    let sum = 0;
    for (const take of taken.slice(start)) {
      sum += take.count;
      most = Math.max(most, sum - ((take.at - at) / 1000) * ratePerSecond);
    }
  }
  return most;
}

describe('tryTake', () => {
  test('finds a full bucket first, then what the rate has added', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 3 });
    expect(bucket.tryTake(3, 5000)).toBe(true);
    expect(bucket.tryTake(1, 5099)).toBe(false);
    expect(bucket.tryTake(1, 5100)).toBe(true);
    expect(bucket.tryTake(3, 5399)).toBe(false);
    expect(bucket.tryTake(3, 5400)).toBe(true);
  });

  test('holds the tokens of one second by default', () => {
    const bucket = new TokenBucket({ ratePerSecond: 100 });
    expect([bucket.tryTake(100, 0), bucket.tryTake(1, 0)]).toEqual([true, false]);
    const slow = new TokenBucket({ ratePerSecond: 0.1 });
    expect([slow.tryTake(1, 0), slow.tryTake(1, 9999), slow.tryTake(1, 10_000)]).toEqual([true, false, true]);
  });

  test('never gives more than burst + rate * t in any window', () => {
    const scenario = bursts.chain((burst) => fc.tuple(fc.constant(burst), rates, requests(burst)));
    fc.assert(
      fc.property(scenario, ([burst, ratePerSecond, steps]) => {
        const bucket = new TokenBucket({ ratePerSecond, burst });
        const taken: { at: number; count: number }[] = [];
        let at = 0;
        for (const [wait, count] of steps) {
          at += wait;
          if (bucket.tryTake(count, at)) taken.push({ at, count });
        }
        expect(mostAboveRate(taken, ratePerSecond)).toBeLessThanOrEqual(burst * (1 + 1e-9) + 1e-6);
      }),
    );
  });

  test('gives what a naive bucket gives', () => {
    fc.assert(
      fc.property(bursts, fc.integer({ min: 1, max: 100 }), requests(2000), (burst, perMilli, steps) => {
        // Whole milliseconds and whole tokens per millisecond keep the naive count exact; a hair of time per step
        // outweighs what the bucket rounds.
        const bucket = new TokenBucket({ ratePerSecond: perMilli * 1000, burst });
        let tokens = burst;
        let at = 0;
        for (const [index, [wait, count]] of steps.entries()) {
          const millis = Math.floor(wait / 100);
          at += millis;
          tokens = Math.min(burst, tokens + millis * perMilli);
          const isTaken = bucket.tryTake(count, at + index * 1e-5);
          expect(isTaken).toBe(tokens >= Math.min(count, burst));
          if (isTaken) tokens -= count;
        }
      }),
    );
  });

  test('gives more than burst out of a full bucket only, and then nothing until the debt is paid', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 5 });
    expect(bucket.tryTake(1, 0)).toBe(true);
    expect(bucket.tryTake(25, 99)).toBe(false);
    expect(bucket.tryTake(25, 100)).toBe(true);
    expect(bucket.tryTake(1, 2199)).toBe(false);
    expect(bucket.tryTake(1, 2200)).toBe(true);
  });

  test('a clock that goes backwards changes nothing', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 2 });
    expect(bucket.tryTake(1, 10_000)).toBe(true);
    expect(bucket.tryTake(1, 0)).toBe(true);
    expect(bucket.tryTake(1, 0)).toBe(false);
    expect(bucket.delayMillisFor(1, 0)).toBe(100);
    expect(bucket.tryTake(1, 10_099)).toBe(false);
    expect(bucket.tryTake(1, 10_100)).toBe(true);
  });

  test('a count or a time that is no number takes nothing and breaks nothing', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 2 });
    expect(bucket.tryTake(Number.NaN, 0)).toBe(false);
    expect(bucket.tryTake(2, 0)).toBe(true);
    expect(bucket.tryTake(2, Number.NaN)).toBe(false);
    expect(bucket.tryTake(2, 200)).toBe(true);
  });
});

describe('delayMillisFor', () => {
  test('is 0 exactly when the count can be taken now, and enough when it is waited for', () => {
    fc.assert(
      fc.property(bursts, rates, requests(2000), (burst, ratePerSecond, steps) => {
        const bucket = new TokenBucket({ ratePerSecond, burst });
        let at = 0;
        for (const [wait, count] of steps) {
          at += wait;
          const delay = bucket.delayMillisFor(count, at);
          expect(Number.isInteger(delay)).toBe(true);
          expect(bucket.tryTake(count, at)).toBe(delay === 0);
          if (delay === 0) continue;
          expect(bucket.delayMillisFor(count, at + delay)).toBeLessThanOrEqual(1);
          at += delay + 1;
          expect(bucket.tryTake(count, at)).toBe(true);
        }
      }),
    );
  });

  test('takes nothing', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 2 });
    for (let i = 0; i < 10; i += 1) expect(bucket.delayMillisFor(2, 0)).toBe(0);
    expect(bucket.tryTake(2, 0)).toBe(true);
  });
});

test.each([
  [{ ratePerSecond: 0 }, RangeError, 'Expected `ratePerSecond` to be a number from 0.001 and up, got `0` (number).'],
  [{ ratePerSecond: Infinity }, RangeError, 'Expected `ratePerSecond`'],
  [{ ratePerSecond: 1, burst: 0 }, RangeError, 'Expected `burst` to be a number from 1 and up'],
  [{} as never, TypeError, 'Expected `ratePerSecond`'],
  [undefined as never, TypeError, 'Expected `options` to be an object'],
])('refuses %o', (options, kind, message) => {
  expect(() => new TokenBucket(options)).toThrow(kind);
  expect(() => new TokenBucket(options)).toThrow(message);
});
