import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { decide, type SamplingEvidence } from '../../src/sampling/consistent-decision.ts';
import { drawReaches, randomDigits, randomDigitsFrom } from '../../src/sampling/random-draw.ts';
import { Threshold } from '../../src/sampling/threshold.ts';

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...Array.from('0123456789abcdef')), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''));
const thresholds = fc.oneof(hex(14), hex(1), fc.constant('0')).map((text) => new Threshold(text));
const draws = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(1 - 2 ** -53));
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });
const valueOf = (digits: string): bigint => BigInt(`0x${digits.padEnd(14, '0')}`);

const evidences: fc.Arbitrary<SamplingEvidence> = fc.record({
  traceId: fc.oneof(maybe(hex(32)), fc.constant('0'.repeat(32)), fc.constant('short')),
  threshold: fc.oneof(maybe(hex(14)), maybe(hex(2)), fc.constant('none'), fc.constant(8)),
  randomness: fc.oneof(maybe(hex(14)), fc.constant('cafe'), fc.constant(0)),
});

const isHex = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

test('decides as the numbers say: randomness of the record, else of its trace, else drawn, against the higher threshold', () => {
  fc.assert(
    fc.property(thresholds, evidences, draws, (target, evidence, drawn) => {
      const kept = decide(target, evidence, () => drawn);
      const prior = isHex(evidence.threshold, /^[0-9a-f]{1,14}$/) ? valueOf(evidence.threshold) : 0n;
      const threshold = prior > valueOf(target.digits) ? prior : valueOf(target.digits);
      const known = isHex(evidence.randomness, /^[0-9a-f]{14}$/)
        ? evidence.randomness
        : isHex(evidence.traceId, /^[0-9a-f]{32}$/) && !/^0+$/.test(evidence.traceId)
          ? evidence.traceId.slice(18)
          : undefined;
      const randomness =
        known ??
        (prior === 0n ? randomDigits(drawn) : randomDigitsFrom(new Threshold(evidence.threshold as string), drawn));
      expect(kept !== undefined).toBe(valueOf(randomness) >= threshold);
      if (kept === undefined) return;
      expect(valueOf(kept.threshold.digits)).toBe(threshold);
      expect(kept.randomness).toBe(known === undefined ? randomness : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('what a lower ratio keeps, a higher one keeps too', () => {
  fc.assert(
    fc.property(thresholds, thresholds, evidences, draws, (one, other, evidence, drawn) => {
      const [lower, higher] = one.digits < other.digits ? [one, other] : [other, one];
      const isKept = (threshold: Threshold): boolean => decide(threshold, evidence, () => drawn) !== undefined;
      expect(!isKept(higher) || isKept(lower)).toBe(true);
    }),
  );
});

test('a second sampler with the same threshold keeps all that the first one kept', () => {
  fc.assert(
    fc.property(thresholds, evidences, draws, draws, (target, evidence, first, second) => {
      const kept = decide(target, evidence, () => first);
      if (kept === undefined) return;
      const now = {
        ...evidence,
        threshold: kept.threshold.text,
        ...(kept.randomness !== undefined && { randomness: kept.randomness }),
      };
      expect(decide(target, now, () => second)).toEqual({ threshold: kept.threshold, randomness: undefined });
    }),
    { numRuns: 1000 },
  );
});

test('a random number is written as the bits that were compared', () => {
  fc.assert(
    fc.property(draws, thresholds, (drawn, threshold) => {
      const digits = randomDigits(drawn);
      expect(digits).toMatch(/^[0-9a-f]{14}$/);
      expect(valueOf(digits)).toBe(BigInt(Math.floor(drawn * 2 ** 53)) * 8n + BigInt(((drawn * 2 ** 56) % 8) | 0));
      expect(drawReaches(drawn, threshold)).toBe(valueOf(digits) >= valueOf(threshold.digits));
    }),
  );
});

test('randomness that is drawn for a record with a threshold lies evenly from there on', () => {
  fc.assert(
    fc.property(thresholds, draws, (reached, drawn) => {
      const value = valueOf(randomDigitsFrom(reached, drawn));
      const from = valueOf(reached.digits);
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThan(2n ** 56n);
      expect(Number(value - from) / Number(2n ** 56n - from)).toBeCloseTo(drawn, 6);
    }),
    { examples: [[new Threshold('0'), 0.5]] },
  );
});
