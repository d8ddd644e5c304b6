import { componentAttributes, cutText, excerpt, isSurrogatePair, ownText, utf8Bytes } from '@spillway/core';
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

test('a text is cut to its longest beginning that splits no character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
      let expected = '';
      for (const character of text) {
        if (expected.length + character.length > max) break;
        expected += character;
      }
      expect(cutText(text, max)).toBe(expected);
    }),
  );
});

test('a copy of a text is equal to it where it is well-formed', () => {
  for (const text of ['', 'x', '\ufeffé\u{1f600}', '\u0000']) expect(ownText(text)).toBe(text);
  expect(ownText('a\ud800')).toBe('a\ufffd');
});

test('an excerpt is one line of bounded length', () => {
  expect(excerpt(' two\r\nlines\u001b[31m ', 100)).toBe('two lines [31m');
  expect(excerpt('x'.repeat(300), 10)).toBe('xxxxxxx...');
});

test('components of one type are told apart by their names', () => {
  const names = ['Test', 'Test', 'Other'].map((type) => componentAttributes(type)['otel.component.name']);
  expect(names).toEqual(['Test/0', 'Test/1', 'Other/0']);
});
