import { expect, test } from 'vitest';

import { effectiveSeverity, lowestSeverity, SEVERITY_NAMES, severityIndex } from '@spillway/core';

test('each severity number counts as itself and to the range that the data model names', () => {
  const ranges = Array.from({ length: 24 }, (_, index) => SEVERITY_NAMES[severityIndex(index + 1)]);
  expect(ranges).toEqual(SEVERITY_NAMES.flatMap((name) => Array(4).fill(name)));
  for (let number = 1; number <= 24; number += 1) expect(effectiveSeverity(number)).toBe(number);
});

test('what is no severity number counts as INFO, what is above the highest as the highest', () => {
  for (const value of [undefined, null, 0, -1, Number.NaN, '17', 17n, Symbol('17'), {}]) {
    expect(effectiveSeverity(value)).toBe(9);
    expect(SEVERITY_NAMES[severityIndex(value)]).toBe('INFO');
  }
  expect([25, 1e9, Infinity].map(effectiveSeverity)).toEqual([24, 24, 24]);
  expect([1.5, 8.99, 23.9].map(effectiveSeverity)).toEqual([1, 8, 23]);
});

test('a range begins at its lowest number', () => {
  expect(SEVERITY_NAMES.map(lowestSeverity)).toEqual([1, 5, 9, 13, 17, 21]);
});
