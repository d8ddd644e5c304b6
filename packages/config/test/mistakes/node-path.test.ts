import { expect, test } from 'vitest';

import { areInLine, pathText, pointerPath, readPathText, valueAt } from '../../src/mistakes/node-path.ts';

test('a path is shown as code has it, and names that code has not in quotes', () => {
  const path = ['logger_provider', 'processors', 0, 'otlp_file/development', 'a b', 'x.y'];
  expect(pathText(path)).toBe('logger_provider.processors[0].otlp_file/development["a b"]["x.y"]');
  expect(pathText([])).toBe('');
});

test('a path in a message is read again', () => {
  expect(readPathText('rules[2].scope')).toEqual(['rules', 2, 'scope']);
});

test('a pointer is a path, whose numbers are indices only where there is a list', () => {
  expect(pointerPath('/a/0/b~1c/~00', { a: [{ 'b/c': { '~0': 1 } }] })).toEqual(['a', 0, 'b/c', '~0']);
  expect(pointerPath('/a/0', { a: { 0: 1 } })).toEqual(['a', '0']);
  expect(pointerPath('/nothing/0', null)).toEqual(['nothing', '0']);
});

test('only what a value has itself stands in it', () => {
  expect(valueAt({}, ['constructor'])).toBe(undefined);
  expect(valueAt({ a: [1] }, ['a', 0, 'b'])).toBe(undefined);
});

test('paths are in line where one goes on where the other ends', () => {
  expect(areInLine(['a'], ['a', 0])).toBe(true);
  expect(areInLine(['a', 1], ['a', 0])).toBe(false);
});
