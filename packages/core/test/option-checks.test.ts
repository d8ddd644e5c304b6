import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkString,
  checkTimerMillis,
  MAX_TIMER_MILLIS,
  optionMessage,
} from '@spillway/core';

function resultOf(check: () => unknown): unknown {
  try {
    return check();
  } catch (error) {
    return (error as Error).name;
  }
}

describe('messages', () => {
  test.each([
    [() => checkNumber('ratio', 2, { max: 1 }), RangeError, 'a number from 0 to 1, got `2` (number)'],
    [() => checkNumber('ratio', '0.5', { max: 1 }), TypeError, 'a number from 0 to 1, got `0.5` (string)'],
    [() => checkNumber('ratio', Number.NaN), RangeError, 'a number from 0 and up, got `NaN` (number)'],
    [() => checkNumber('ratio', 1n), TypeError, 'a number from 0 and up, got `1` (bigint)'],
    [() => checkInteger('ratio', 1.5, { min: 1, max: 9 }), RangeError, 'an integer from 1 to 9, got `1.5` (number)'],
    [() => checkInteger('ratio', Infinity), RangeError, 'an integer from 0 and up, got `Infinity` (number)'],
    [() => checkTimerMillis('ratio', 2 ** 31), RangeError, 'a number from 0 to 2147483647, got `2147483648` (number)'],
    [() => checkBoolean('ratio', 0), TypeError, 'a boolean, got `0` (number)'],
    [() => checkString('ratio', null), TypeError, 'a string, got `null` (null)'],
    [() => checkString('ratio', ''), RangeError, 'a string that is not empty, got `` (string)'],
    [() => checkOneOf('ratio', 'c', ['a', 'b']), RangeError, 'one of "a", "b", got `c` (string)'],
    [() => checkOneOf('ratio', 1, ['a', 'b']), TypeError, 'one of "a", "b", got `1` (number)'],
    [() => checkFunction('ratio', {}), TypeError, 'a function, got `[object Object]` (object)'],
    [() => checkFunction('ratio', undefined, false), TypeError, 'a function, got `undefined` (undefined)'],
    [() => checkMethods('ratio', [], ['a', 'b']), TypeError, 'an object with a(), b(), got `[object Array]` (array)'],
  ])('%s names field, rule, value and type', (check, kind, text) => {
    expect(check).toThrow(kind);
    expect(check).toThrow(new kind(`Expected \`ratio\` to be ${text}.`));
  });

  test('options that are no object are a TypeError', () => {
    for (const value of [undefined, null, 'url', 1]) expect(() => checkOptions(value)).toThrow(TypeError);
    expect(() => checkOptions({})).not.toThrow();
  });

  test('objects and functions are named, never printed', () => {
    const message = optionMessage('x', 'a number', { password: 'hunter2', toString: () => 'hunter2' });
    expect(message).toBe('Expected `x` to be a number, got `[object Object]` (object).');
    expect(optionMessage('x', 'a number', () => 'hunter2')).not.toContain('hunter2');
  });

  test('a value that may be secret is replaced, and its type is still named', () => {
    expect(optionMessage('x', 'a string', 4711, '[redacted]')).toBe(
      'Expected `x` to be a string, got `[redacted]` (number).',
    );
  });

  test('a long text is cut', () => {
    expect(optionMessage('x', 'short', 'y'.repeat(10_000)).length).toBeLessThan(200);
  });
});

describe('accepted values', () => {
  test('a number is accepted exactly if it lies within the range, ends included', () => {
    const bound = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(bound, bound, fc.double(), (a, b, value) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        for (const candidate of [value, min, max]) {
          const isWithin = candidate >= min && candidate <= max;
          expect(resultOf(() => checkNumber('x', candidate, { min, max }))).toBe(isWithin ? candidate : 'RangeError');
        }
      }),
    );
  });

  test('an integer may be infinite only where the range says so', () => {
    expect(checkInteger('x', Infinity, { max: Infinity })).toBe(Infinity);
    expect(() => checkInteger('x', Infinity)).toThrow(RangeError);
    expect(() => checkInteger('x', -Infinity, { max: Infinity })).toThrow(RangeError);
  });

  test('a timer takes fractions and nothing beyond what a timer can hold', () => {
    expect(checkTimerMillis('x', 0.5)).toBe(0.5);
    expect(checkTimerMillis('x', MAX_TIMER_MILLIS)).toBe(2 ** 31 - 1);
    expect(() => checkTimerMillis('x', 0, 1)).toThrow(RangeError);
  });

  test('other kinds come back as they are', () => {
    expect(checkBoolean('x', false)).toBe(false);
    expect(checkString('x', ' ')).toBe(' ');
    expect(checkOneOf('x', 'b', ['a', 'b'])).toBe('b');
    expect(() => checkFunction('x', undefined)).not.toThrow();
    expect(() => checkFunction('x', () => {})).not.toThrow();
  });

  test('methods may be inherited', () => {
    class Base {
      put(): void {}
    }
    class Derived extends Base {}
    expect(() => checkMethods('x', new Derived(), ['put'])).not.toThrow();
    expect(() => checkMethods('x', undefined, ['put'])).toThrow(TypeError);
  });
});
