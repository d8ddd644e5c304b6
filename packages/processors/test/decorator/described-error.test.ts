import * as fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

import { describeError, toError } from '../../src/decorator/described-error.ts';
import { hostileProxy, throwing } from './stub-processor.ts';

test('an error is described by its name, its message and its stack', () => {
  const error = new RangeError('too much');
  expect(describeError(error)).toEqual({ name: 'RangeError', message: 'too much', stack: error.stack });
  const foreign: unknown = runInNewContext('new TypeError("elsewhere")');
  expect(describeError(foreign)).toMatchObject({ name: 'TypeError', message: 'elsewhere' });
});

test('what is thrown and no error is described by its text', () => {
  expect(describeError('text')).toEqual({ name: 'NonError', message: 'text' });
  expect(describeError({ code: 7 })).toEqual({ name: 'NonError', message: '{"code":7}' });
  expect(describeError(null)).toEqual({ name: 'NonError', message: 'null' });
  expect(describeError(Symbol('mark'))).toEqual({ name: 'NonError', message: 'Symbol(mark)' });
});

test('what cannot be read is left out', () => {
  const error = Object.defineProperties(new Error('text'), { name: { get: throwing }, stack: { get: throwing } });
  expect(describeError(error)).toEqual({ name: 'Error', message: 'text' });
  expect(describeError(hostileProxy)).toEqual({ name: 'NonError', message: '[Unreadable]' });
  expect(describeError(Object.assign(new Error('text'), { name: 7, stack: null }))).toEqual({
    name: 'Error',
    message: 'text',
  });
});

test('a description is bounded', () => {
  const long = 'x'.repeat(1_000_000);
  const { name, message, stack } = describeError(Object.assign(new Error(long), { name: long, stack: long }));
  expect([name.length, message.length, stack?.length]).toEqual([256, 1024, 8192]);
});

test('anything can be described, and made an error', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (thrown) => {
      const { name, message } = describeError(thrown);
      expect([typeof name, typeof message]).toEqual(['string', 'string']);
      expect(toError(thrown)).toBeInstanceOf(Error);
    }),
  );
});

test('an error stays the error that it is, and anything else becomes one', () => {
  const error = new Error('text');
  expect(toError(error)).toBe(error);
  expect(toError('text')).toMatchObject({ name: 'NonError', message: 'text' });
  expect(toError(hostileProxy)).toMatchObject({ name: 'NonError', message: '[Unreadable]' });
});
