import { expect, test } from 'vitest';

import { isSevere, requestedLane, withoutLaneAttribute } from '../../src/hybrid/lane-choice.ts';

test('the lane attribute asks for a lane only by the two names', () => {
  expect(requestedLane('immediate')).toBe(true);
  expect(requestedLane('batch')).toBe(false);
  for (const value of ['Immediate', '', true, 1, null, undefined, {}]) expect(requestedLane(value)).toBeUndefined();
});

test('what is exported is a copy without the lane attribute', () => {
  const attributes = { a: 1, 'spillway.lane': 'batch', b: [2] };
  const copy = withoutLaneAttribute(attributes);
  expect(copy).toEqual({ a: 1, b: [2] });
  expect(attributes['spillway.lane']).toBe('batch');
});

test('a record without a severity number is not severe', () => {
  expect(isSevere(17, 17)).toBe(true);
  expect(isSevere(16, 17)).toBe(false);
  expect(isSevere(24, Infinity)).toBe(false);
  for (const value of [undefined, null, '17', 17n, Symbol('17'), Number.NaN]) expect(isSevere(value, 0)).toBe(false);
});
