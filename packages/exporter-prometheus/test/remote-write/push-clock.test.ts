import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MAX_AHEAD_MILLIS, PushClock } from '../../src/remote-write/push-clock.ts';

const START = 1_795_000_000_000;

describe('PushClock', () => {
  it('gives times two milliseconds apart at least, at the wall clock or a little ahead of it, whatever that does', () => {
    const step = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -5000, max: 30_000, noNaN: true }),
      fc.integer({ min: -3 * MAX_AHEAD_MILLIS, max: 3 * MAX_AHEAD_MILLIS }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const clock = new PushClock();
        let now = START;
        let last = -Infinity;
        for (const change of steps) {
          now += change;
          const naive = Math.max(Math.floor(now), last + 2);
          const isAllowed = naive - Math.floor(now) <= MAX_AHEAD_MILLIS;
          expect(clock.next(now)).toBe(isAllowed ? naive : undefined);
          if (isAllowed) last = naive;
        }
      }),
    );
  });

  it('goes on when a wall clock that was set back has caught up', () => {
    const clock = new PushClock();
    expect(clock.next(START + MAX_AHEAD_MILLIS)).toBe(START + MAX_AHEAD_MILLIS);
    expect(clock.next(START)).toBeUndefined();
    expect(clock.next(START + 2)).toBe(START + MAX_AHEAD_MILLIS + 2);
  });

  it('gives nothing for what is no time', () => {
    const clock = new PushClock();
    for (const now of [Number.NaN, Infinity, -Infinity, 2 ** 60]) expect(clock.next(now)).toBeUndefined();
    expect(clock.next(START)).toBe(START);
  });
});
