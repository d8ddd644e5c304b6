import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { type LeaveReason, ScopedRings } from '../../src/ring-buffer/scoped-rings.ts';
import { NaiveRings } from './naive-rings.ts';

const key = fc.constantFrom('', 'a', 'b', 'c', 'd');
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('hold' as const), key, bytes: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('release-all' as const, 'expire' as const) }) },
);
const timed = fc.tuple(fc.constantFrom(0, 0, 1, 3, 7), step);
const bounds = fc.record({
  ttlMillis: fc.integer({ min: 1, max: 20 }),
  maxRecords: fc.integer({ min: 1, max: 12 }),
  maxBytes: fc.integer({ min: 10, max: 60 }),
  maxRecordsPerScope: fc.integer({ min: 1, max: 6 }),
  maxBytesPerScope: fc.integer({ min: 5, max: 30 }),
  maxScopes: fc.integer({ min: 1, max: 4 }),
});

test('rings do what one array that is searched each time would do', () => {
  fc.assert(
    fc.property(bounds, fc.array(timed, { maxLength: 150 }), (drawn, steps) => {
      const limits = { ...drawn, maxBytesPerScope: Math.min(drawn.maxBytesPerScope, drawn.maxBytes) };
      const left: [number, LeaveReason][] = [];
      const rings = new ScopedRings<number>(limits, (id, reason) => void left.push([id, reason]));
      const naive = new NaiveRings(limits);
      let now = 0;
      for (const [id, [millis, action]] of steps.entries()) {
        now += millis;
        const [answer, expected] = [rings, naive].map((subject) => {
          if (action.kind === 'hold') return subject.hold(action.key, id, action.bytes, now);
          if (action.kind === 'release') return subject.release(action.key, now);
          return action.kind === 'release-all' ? subject.releaseAll(now) : subject.expire(now);
        });
        expect(answer).toEqual(expected);
        expect(left).toEqual(naive.left);
        expect(rings.values()).toEqual(naive.items.map((item) => item.id));
        expect([rings.size, rings.bytes, rings.scopes]).toEqual([naive.items.length, naive.bytes, naive.scopes.length]);
        expect(rings.nextExpiryAt).toBe((naive.items[0]?.heldAt ?? Infinity) + limits.ttlMillis);
        expect(rings.pressure).toBe(Math.max(naive.items.length / limits.maxRecords, naive.bytes / limits.maxBytes));
        expect(rings.pressure).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 500 },
  );
});

test('what has been held for exactly the time to live expires, and not a moment before', () => {
  const limits = { maxRecords: 9, maxBytes: 9, maxRecordsPerScope: 9, maxBytesPerScope: 9, maxScopes: 9 };
  const rings = new ScopedRings<string>({ ttlMillis: 10, ...limits }, () => {});
  rings.hold('key', 'first', 1, 0);
  rings.hold('key', 'second', 1, 0.5);
  expect(rings.release('other', 9.999)).toEqual([]);
  expect(rings.values()).toEqual(['first', 'second']);
  expect(rings.release('key', 10)).toEqual(['second']);
});
