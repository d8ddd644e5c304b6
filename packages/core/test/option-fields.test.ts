import { checkFields, checkMinSeverity } from '@spillway/core';
import { expect, test } from 'vitest';

test('fields that are known or undefined are accepted', () => {
  expect(() => checkFields('', { ratio: 0, every: undefined, other: undefined }, ['ratio', 'every'])).not.toThrow();
});

test('a field that is not known is named, with those that are, and without its value', () => {
  expect(() => checkFields('rate.', { bearerTokne: 'hunter2' }, ['bearerToken', 'url'])).toThrow(
    new TypeError(
      'Expected `rate.bearerTokne` to be left out: it is none of `bearerToken`, `url`, got `[redacted]` (string).',
    ),
  );
});

test('null is no way to leave an option out', () => {
  expect(() => checkFields('', { ratio: null }, ['ratio'])).toThrow(
    '`ratio` to be left out or given a value, got `null`',
  );
});

test('a lowest severity is a severity number, or Infinity for none', () => {
  expect([1, 17, 24, Infinity].map((value) => checkMinSeverity('min', value))).toEqual([1, 17, 24, Infinity]);
  for (const value of [0, 25, 17.5, Number.NaN]) expect(() => checkMinSeverity('min', value)).toThrow(RangeError);
  expect(() => checkMinSeverity('min', 'ERROR')).toThrow(TypeError);
});
