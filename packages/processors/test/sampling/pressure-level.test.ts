import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { PressureLevel } from '../../src/sampling/pressure-level.ts';

const MARKS = { lowMark: 0.5, highMark: 0.9, maxLevel: 10 };

test('is not raised up to the low mark, and is highest from the high mark on', () => {
  const level = new PressureLevel(MARKS);
  expect([0, 0.3, 0.5].map((pressure) => level.update(pressure))).toEqual([0, 0, 0]);
  expect([0.9, 1, 2].map((pressure) => level.update(pressure))).toEqual([10, 10, 10]);
});

test('rises by one each time half of the room that is left is used up', () => {
  const level = new PressureLevel(MARKS);
  const levels = [0.51, 0.69, 0.71, 0.79, 0.81, 0.84, 0.86, 0.889].map((pressure) => level.update(pressure));
  expect(levels).toEqual([1, 1, 2, 2, 3, 3, 4, 6]);
});

test('halves the ratio at least as often as the room that is left asks for, and never twice too often', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (pressure) => {
      const room = Math.min(1, (0.9 - pressure) / 0.4);
      const ratio = 2 ** -new PressureLevel(MARKS).update(pressure);
      expect(ratio).toBeLessThanOrEqual(Math.max(room, 2 ** -10) + 1e-9);
      expect(ratio).toBeGreaterThanOrEqual(Math.max(room / 2, 2 ** -10) - 1e-9);
    }),
  );
});

test('does not follow pressure that trembles around a mark', () => {
  const level = new PressureLevel(MARKS);
  const levels = Array.from({ length: 100 }, (_, index) => level.update(0.7 + (index % 2 === 0 ? 0.02 : -0.02)));
  expect(new Set(levels)).toEqual(new Set([2]));
});

test('does not follow small swings near the high mark, where the steps are small', () => {
  const level = new PressureLevel(MARKS);
  const levels = Array.from({ length: 100 }, (_, index) => level.update(0.88 + (index % 2 === 0 ? 0.018 : 0)));
  expect(new Set(levels).size).toBe(1);
});

test('comes back to nothing when pressure is gone, whatever the marks are', () => {
  const marks = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({
      lowMark: Math.min(one, other) / 100,
      highMark: Math.max(one, other) / 100,
      maxLevel: 10,
    }));
  fc.assert(
    fc.property(marks, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (options, pressures) => {
      const level = new PressureLevel(options);
      for (const pressure of pressures) {
        const before = level.level;
        const after = level.update(pressure);
        expect(after >= 0 && after <= 10).toBe(true);
        expect(after === 10 || pressure <= options.highMark).toBe(true);
        expect(level.update(pressure)).toBe(after);
        expect(pressure > options.lowMark ? after > 0 : after <= before).toBe(true);
      }
      expect(level.update(0)).toBe(0);
    }),
  );
});

test('what is no number changes nothing', () => {
  const level = new PressureLevel(MARKS);
  level.update(0.75);
  expect(level.update(Number.NaN)).toBe(2);
  expect(level.level).toBe(2);
});
