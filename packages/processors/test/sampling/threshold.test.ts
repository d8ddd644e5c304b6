import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isRandomness, parseThreshold, reaches, Threshold, thresholdOfRatio } from '../../src/sampling/threshold.ts';

const RANGE = 2n ** 56n;

const ratios = fc.oneof(
  fc.double({ min: 2 ** -56, max: 1, noNaN: true }),
  fc.integer({ min: 1, max: 56 }).map((exponent) => 2 ** -exponent),
  fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
);
const randomness = fc.bigInt({ min: 0n, max: RANGE - 1n }).map((value) => value.toString(16).padStart(14, '0'));

const valueOf = ({ digits }: Threshold): bigint => BigInt(`0x${digits}`);

// The table of https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/, column "precision 4".
test.each([
  [1e-6, 'ffffef39'],
  [1e-5, 'ffff583a'],
  [0.0001, 'fff9724'],
  [0.001, 'ffbe77'],
  [0.01, 'fd70a'],
  [0.0625, 'f'],
  [0.1, 'e666'],
  [0.125, 'e'],
  [0.2, 'cccd'],
  [0.25, 'c'],
  [1 / 3, 'aaab'],
  [0.5, '8'],
  [1, '0'],
])('the threshold of %d is the one of the specification: %s', (ratio, text) => {
  expect(thresholdOfRatio(ratio).text).toBe(text);
});

test('the threshold of a ratio keeps that part of all randomness, to four digits', () => {
  fc.assert(
    fc.property(ratios, (ratio) => {
      const kept = Number(RANGE - valueOf(thresholdOfRatio(ratio))) / Number(RANGE);
      expect(Math.abs(kept - ratio)).toBeLessThanOrEqual(ratio * 2 ** -11 + 2 ** -56);
    }),
  );
});

test('a ratio too small for 56 bits keeps one in 2^56', () => {
  for (const ratio of [2 ** -56, 2 ** -57, 1e-300, 0]) expect(thresholdOfRatio(ratio).text).toBe('f'.repeat(14));
});

test('a higher ratio never has a higher threshold, so that a lower one keeps a subset', () => {
  fc.assert(
    fc.property(ratios, ratios, (one, other) => {
      const [lower, higher] = one < other ? [one, other] : [other, one];
      expect(valueOf(thresholdOfRatio(higher))).toBeLessThanOrEqual(valueOf(thresholdOfRatio(lower)));
    }),
  );
});

test('randomness reaches a threshold iff its number is at least the one of the threshold, in either case of letters', () => {
  fc.assert(
    fc.property(
      randomness,
      fc.oneof(
        randomness,
        ratios.map((ratio) => thresholdOfRatio(ratio).text),
      ),
      (digits, text) => {
        const threshold = new Threshold(text);
        const expected = BigInt(`0x${digits}`) >= valueOf(threshold);
        expect(reaches(digits, threshold)).toBe(expected);
        expect(reaches(digits.toUpperCase(), threshold)).toBe(expected);
        expect(reaches(`0123456789abcdef12${digits}`, threshold)).toBe(expected);
        expect(reaches(threshold.digits, threshold)).toBe(true);
      },
    ),
  );
});

test('a written threshold is read again as it was', () => {
  fc.assert(
    fc.property(randomness, (digits) => {
      const threshold = new Threshold(digits);
      expect(threshold.text).toMatch(/^(0|[0-9a-f]*[1-9a-f])$/);
      expect(parseThreshold(threshold.text)?.digits).toBe(digits);
      expect(threshold.high * 2 ** 28 + threshold.low).toBe(Number(valueOf(threshold)));
    }),
  );
  expect(parseThreshold('C')?.text).toBe('c');
});

test('what is no threshold and no randomness is not taken for one', () => {
  for (const value of [undefined, null, '', 'g', '0'.repeat(15), ' c', 'c ', 12, {}, ['c']]) {
    expect(parseThreshold(value)).toBeUndefined();
  }
  for (const value of [undefined, '', 'c', '0'.repeat(13), '0'.repeat(15), 'g'.repeat(14), 1]) {
    expect(isRandomness(value)).toBe(false);
  }
  expect(isRandomness('0123456789abcD')).toBe(true);
});
