import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { PassThroughWindows } from '../../src/ring-buffer/pass-through-windows.ts';

const LENGTH = 10;
const step = fc.record({
  millis: fc.constantFrom(0, 1, 4, 9),
  key: fc.constantFrom('', 'a', 'b', 'c'),
  action: fc.constantFrom('open', 'open', 'look', 'expire'),
});

test('windows are open for their time from the last opening, except those that gave way to others', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), (maxScopes, steps) => {
      const windows = new PassThroughWindows(LENGTH, maxScopes);
      let naive: { key: string; openedAt: number }[] = [];
      let now = 0;
      for (const { millis, key, action } of steps) {
        now += millis;
        if (action === 'open') {
          windows.open(key, now);
          naive = [...naive.filter((window) => window.key !== key), { key, openedAt: now }].slice(-maxScopes);
        }
        if (action === 'expire') {
          windows.expire(now);
          naive = naive.filter(({ openedAt }) => now - openedAt < LENGTH);
        }
        const isOpen = naive.some((window) => window.key === key && now - window.openedAt < LENGTH);
        expect(windows.isOpen(key, now)).toBe(isOpen);
        expect(windows.size).toBe(naive.length);
        expect(windows.nextEndAt).toBe((naive[0]?.openedAt ?? Infinity) + LENGTH);
      }
      windows.clear();
      expect(windows.size).toBe(0);
    }),
  );
});

test('windows without a length are never open', () => {
  const windows = new PassThroughWindows(0, 5);
  windows.open('a', 0);
  expect([windows.isOpen('a', 0), windows.size, windows.nextEndAt]).toEqual([false, 0, Infinity]);
});
