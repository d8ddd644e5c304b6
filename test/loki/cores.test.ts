import { crc32, deflateRawSync } from 'node:zlib';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareUtf8, decodeUtf8, goByteSize, goTime, quoteGo, rfc3339 } from './go-text.ts';
import { inflateDamaged } from './inflate.ts';
import { JsonReader } from './json-reader.ts';
import { skipValue } from './json-skip.ts';
import { formatLabels, parseLabels } from './label-parser.ts';
import { normalizeName } from './metadata.ts';
import { RateBucket } from './rate-bucket.ts';
import { varintBytes } from './wire-size.ts';
import { xxHash64 } from './xx-hash.ts';

test('what node:zlib deflates is inflated, and what is cut off yields a beginning of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(9), fc.nat(3000), (bytes, level, cut) => {
      const data = Buffer.from(bytes);
      const deflated = deflateRawSync(data, { level });
      expect(crc32(inflateDamaged(deflated, Infinity).data)).toBe(crc32(data));
      const kept = deflated.subarray(0, Math.max(0, deflated.length - 1 - cut));
      const { data: beginning, error } = inflateDamaged(kept, Infinity);
      expect([error, data.subarray(0, beginning.length).equals(beginning)]).toEqual(['unexpected EOF', true]);
    }),
  );
});

test('every JSON value is passed over to its end', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (json) => {
      const data = Buffer.from(`${json} `);
      const reader = new JsonReader(data);
      reader.loadMore();
      skipValue(reader);
      expect([reader.error, reader.position]).toEqual([undefined, data.length - 1]);
    }),
  );
});

test('labels are read back as they are printed', () => {
  const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/);
  const value = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\ufffd'));
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (labels) => {
      const pairs = Object.entries(labels).toSorted(([a], [b]) => compareUtf8(a, b));
      expect(parseLabels(formatLabels(pairs))).toEqual(pairs);
    }),
  );
});

test('strings are in the order of their bytes', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uffff', '😀', '\ue000') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('UTF-8 is decoded, and each byte that is none becomes one U+FFFD', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodeUtf8(Buffer.from(text))).toBe(text);
    }),
  );
  expect(decodeUtf8(Buffer.from([0x61, 0xe4, 0xb8, 0x62, 0xff]))).toBe('a\ufffd\ufffdb\ufffd');
});

test('a bucket lets through no more than its burst and its rate', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(150), fc.nat(500))), (steps) => {
      const bucket = new RateBucket(100, 100);
      let now = 0;
      let taken = 0;
      for (const [amount, pause] of steps) {
        now += pause;
        if (bucket.take(amount, now)) taken += amount;
        expect(taken).toBeLessThanOrEqual(100 + now / 10 + 1e-6);
      }
    }),
  );
});

test.each([
  ['http.method', 'http_method'],
  ['9lives', 'key_9lives'],
  ['a..b__c', 'a_b_c'],
  ['__x__', '__x__'],
  ['__half', '_half'],
  ['_lead', '_lead'],
  ['emoji☃x', 'emoji_x'],
])('the metadata name %s becomes %s', (name, expected) => {
  expect(normalizeName(name)).toBe(expected);
});

test.each(['é', '$', '_', '__', '____', '__é__'])('nothing is left of the metadata name %s', (name) => {
  expect(() => normalizeName(name)).toThrow(/^normalization for label name ".+" resulted in invalid name "_+"$/);
});

test('times, sizes and strings are printed as Go prints them', () => {
  expect(rfc3339(1_795_262_400_999_999_999n)).toBe('2026-11-21T12:00:00Z');
  expect(rfc3339(-1n)).toBe('1969-12-31T23:59:59Z');
  expect(goTime(1_795_262_400_120_000_000n)).toBe('2026-11-21 12:00:00.12 +0000 UTC');
  expect([0, 1, 1024, 3 << 20, 1025].map(goByteSize)).toEqual(['0B', '1B', '1KB', '3MB', '1025B']);
  expect(quoteGo('a"\n\u0001\u00a0é\u{e0001}')).toBe(String.raw`"a\"\n\x01\u00a0é\U000e0001"`);
});

test('hashes and sizes of the wire are those of the specifications', () => {
  expect(xxHash64(Buffer.alloc(0))).toBe(0xef46db3751d8e999n);
  expect(xxHash64(Buffer.from('a'))).toBe(0xd24ec4f1a98c6e5bn);
  expect(xxHash64(Buffer.from('Call me Ishmael. Some years ago--never mind how long precisely-'))).toBe(
    0x02a2e85470d6fd96n,
  );
  expect([0, 127, 128, 2n ** 63n, -1n].map(varintBytes)).toEqual([1, 1, 2, 10, 10]);
});
