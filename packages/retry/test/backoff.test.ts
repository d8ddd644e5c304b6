import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialBackoff, quickBackoff } from '@spillway/retry';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 5000 });

describe('exponentialBackoff', () => {
  test('has steps of 1 s, doubled, up to 30 s by default', () => {
    const backoff = exponentialBackoff();
    const longest = [1, 2, 3, 4, 5, 6, 7, 5000].map((attempt) => Math.round(backoff.delayMillis(attempt, 1 - 1e-9)));
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('spreads the wait evenly over the step by default', () => {
    const options = fc.record({
      initialDelayMillis: fc.integer({ min: 1, max: 100_000 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelayMillis: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(options, attempts, unit, (given, attempt, random) => {
        let step = given.initialDelayMillis;
        for (let i = 1; i < attempt && step < given.maxDelayMillis; i += 1) step *= given.factor;
        const expected = random * Math.min(step, given.maxDelayMillis);
        const delay = exponentialBackoff(given).delayMillis(attempt, random);
        expect(Math.abs(delay - expected)).toBeLessThanOrEqual(expected * 1e-9);
      }),
    );
  });

  test('adds the jitter to the step where additive jitter is chosen', () => {
    const backoff = exponentialBackoff({
      initialDelayMillis: 10,
      factor: 3,
      maxDelayMillis: 50,
      additiveJitterMillis: 7,
    });
    expect([1, 2, 3].map((attempt) => backoff.delayMillis(attempt, 0))).toEqual([10, 30, 50]);
    expect(backoff.delayMillis(3, 0.5)).toBe(53.5);
  });

  test('never answers more than a timer can hold', () => {
    const backoff = exponentialBackoff({ maxDelayMillis: 2 ** 31 - 1, additiveJitterMillis: 2 ** 31 - 1 });
    expect(backoff.delayMillis(4000, 0.99)).toBe(2 ** 31 - 1);
  });

  test.each([
    [
      { initialDelayMillis: 0 },
      RangeError,
      'Expected `initialDelayMillis` to be a number from 1 to 2147483647, got `0`',
    ],
    [{ factor: 0.5 }, RangeError, 'Expected `factor` to be a number from 1 and up, got `0.5` (number).'],
    [{ maxDelayMillis: 2 ** 31 }, RangeError, 'Expected `maxDelayMillis`'],
    [{ additiveJitterMillis: -1 }, RangeError, 'Expected `additiveJitterMillis`'],
    [{ factor: '2' as never }, TypeError, 'got `2` (string)'],
  ])('refuses %j', (options, kind, message) => {
    expect(() => exponentialBackoff(options)).toThrow(kind);
    expect(() => exponentialBackoff(options)).toThrow(message);
  });
});

test('quickBackoff waits 100 to 150, 400 to 450 and 1600 to 1650 ms', () => {
  fc.assert(
    fc.property(unit, (random) => {
      const [first, second, third] = [1, 2, 3].map((attempt) => quickBackoff.delayMillis(attempt, random));
      expect(first).toBeCloseTo(100 + 50 * random, 9);
      expect(second).toBeCloseTo(400 + 50 * random, 9);
      expect(third).toBeCloseTo(1600 + 50 * random, 9);
    }),
  );
});
