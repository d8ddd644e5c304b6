import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  attributesOf,
  exceptionOf,
  formatCount,
  formatInstant,
  formatTime,
  manyLines,
  messageOf,
  oneLine,
  severityName,
} from '../../page/src/text-format.ts';
import { record } from './rows.ts';

const UNSEEN = /[\p{Cc}\u2028\u2029\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    '😀',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u001B',
    '[31m',
    '\u0085',
    '\u202E',
    '\u2066',
    '\uFEFF',
  ),
});

test('a line never has a character that cannot be seen', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(oneLine(value)).not.toMatch(UNSEEN);
    }),
  );
});

test('of several lines only breaks and tabs stay as they are', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(manyLines(value).replaceAll(/[\n\t]/g, '')).not.toMatch(UNSEEN);
      expect(manyLines(value).split('\n')).toHaveLength(value.split(/\r\n|\r|\n/).length);
    }),
  );
});

test.each([
  ['  a\r\n  b\tc  ', 'a ⏎ b c'],
  ['\u001B[31mred\u001B[0m', 'red'],
  ['\u001B]0;title\u0007', '\\u{1B}]0;title\\u{7}'],
  ['user\u202Etxt.exe', 'user\\u{202E}txt.exe'],
])('%j is one line as %j', (value, line) => {
  expect(oneLine(value)).toBe(line);
});

test('a line is cut where no screen shows it', () => {
  expect(oneLine('x'.repeat(100_000))).toBe(`${'x'.repeat(600)}…`);
});

test('the message is the body, as JSON where it is no text, else the name of the event', () => {
  expect(messageOf(record({ body: 'hello' }))).toBe('hello');
  expect(messageOf(record({ body: { a: [1, null], b: 'x' } }))).toBe('{"a":[1,null],"b":"x"}');
  expect(messageOf(record({ body: 0 }))).toBe('0');
  expect(messageOf(record({ eventName: 'order.placed' }))).toBe('order.placed');
  expect(messageOf(record({ body: null }))).toBe('');
});

test('an exception is its type and message, without what the body says already', () => {
  const attributes = { 'exception.type': 'TypeError', 'exception.message': 'x is not a function' };
  expect(exceptionOf(record({ attributes }))).toBe('TypeError: x is not a function');
  expect(exceptionOf(record({ attributes, body: 'x is not a function' }))).toBe('TypeError');
  expect(exceptionOf(record({ attributes: { 'exception.message': 'm' }, body: 'm' }))).toBeUndefined();
  expect(exceptionOf(record())).toBeUndefined();
});

test('attributes are pairs in one line, without those of an exception, and not more than a screen shows', () => {
  expect(attributesOf(record({ attributes: { a: 1, 'exception.message': 'm', b: ['x'] } }))).toBe('a=1 b=["x"]');
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 'value']));
  expect(attributesOf(record({ attributes: many })).length).toBeLessThanOrEqual(601);
});

test('a severity has the name of its range, and none where there is no number', () => {
  const names = [undefined, 0, 1, 9, 12, 17, 24, 99].map((severityNumber) =>
    severityName(record(severityNumber === undefined ? {} : { severityNumber })),
  );
  expect(names).toEqual([undefined, undefined, 'TRACE', 'INFO', 'INFO', 'ERROR', 'FATAL', 'FATAL']);
});

test('times are those of the page, instants those of the world, and what is no time does no harm', () => {
  const date = new Date(2026, 10, 28, 4, 5, 6, 7);
  expect(formatTime(date.getTime() + 0.4)).toBe('04:05:06.007');
  expect(formatInstant(Date.UTC(2026, 10, 28, 4, 5, 6, 7))).toBe('2026-11-28T04:05:06.007Z');
  expect(formatTime(Number.NaN)).toBe('--:--:--.---');
  expect(formatInstant(9e15)).toBe('9000000000000000');
});

test('counts have separators', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
});
