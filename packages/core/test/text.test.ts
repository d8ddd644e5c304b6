import { componentAttributes, excerpt, isSurrogatePair, utf8Bytes } from '@spillway/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

test('bytes in UTF-8 are those that an encoder writes, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      for (const one of [text, `${text}\ud800`, `\udc00${text}`]) {
        expect(utf8Bytes(one)).toBe(new TextEncoder().encode(one).byteLength);
      }
    }),
  );
});

test('a surrogate pair is a high unit before a low one', () => {
  expect([0, 1, 2].map((index) => isSurrogatePair('\u{1f600}\ud800', index))).toEqual([true, false, false]);
});

test('an excerpt is one line of bounded length', () => {
  expect(excerpt(' two\r\nlines\u001b[31m ', 100)).toBe('two lines [31m');
  expect(excerpt('x'.repeat(300), 10)).toBe('xxxxxxx...');
});

test('components of one type are told apart by their names', () => {
  const names = ['Test', 'Test', 'Other'].map((type) => componentAttributes(type)['otel.component.name']);
  expect(names).toEqual(['Test/0', 'Test/1', 'Other/0']);
});
