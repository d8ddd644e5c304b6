import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { boundedText } from '../../src/decorator/bounded-text.ts';

test('any value has a text, no longer than its bound', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) => {
      const text = boundedText(value, 50);
      expect(typeof text).toBe('string');
      expect(text.length).toBeLessThanOrEqual(50);
    }),
  );
});

test('a text stands for itself, other values for their JSON, and bytes for their number', () => {
  expect(boundedText('text', 10)).toBe('text');
  expect(boundedText({ order: 7, items: ['a'] }, 100)).toBe('{"order":7,"items":["a"]}');
  expect(boundedText(12n, 10)).toBe('12');
  expect(boundedText(undefined, 10)).toBe('null');
  expect(boundedText({ image: new Uint8Array(1_000_000) }, 100)).toBe('{"image":"[1000000 bytes]"}');
});
