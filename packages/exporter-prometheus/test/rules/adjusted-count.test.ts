import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { recordWeight } from '../../src/rules/adjusted-count.ts';
import { logRecord } from '../store/log-record.ts';

const weightOf = (attributes: Record<string, unknown>): number => recordWeight(logRecord({ attributes }));

describe('the weight of a record', () => {
  it('is 2^56 / (2^56 - T) for a threshold T that is given by its first digits', () => {
    const hex = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')),
      minLength: 1,
      maxLength: 14,
    });
    const near = fc.integer({ min: 0, max: 14 }).map((digits) => 'f'.repeat(digits) || '0');
    fc.assert(
      fc.property(fc.oneof(hex, near), (threshold) => {
        const kept = 2n ** 56n - BigInt(`0x${threshold.padEnd(14, '0')}`);
        const expected = 2 ** 56 / Number(kept);
        expect(Math.abs(weightOf({ 'sampling.threshold': threshold }) / expected - 1)).toBeLessThan(1e-15);
      }),
    );
    expect(weightOf({ 'sampling.threshold': '0' })).toBe(1);
    expect(weightOf({ 'sampling.threshold': '8' })).toBe(2);
    expect(weightOf({ 'sampling.threshold': 'ffffffffffffff' })).toBe(2 ** 56);
  });

  it('is multiplied by the number of duplicates', () => {
    expect(weightOf({ log_count: 3 })).toBe(3);
    expect(weightOf({ log_count: 3, 'sampling.threshold': 'c' })).toBe(12);
  });

  it('is 1 for attributes that are not valid', () => {
    for (const threshold of ['', 'g', '0x8', '8 ', ' 8', '8'.repeat(15), '-8', '@', '`', 8, null, ['8']]) {
      expect(weightOf({ 'sampling.threshold': threshold })).toBe(1);
    }
    for (const count of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, '3', 3n, true, null]) {
      expect(weightOf({ log_count: count })).toBe(1);
    }
  });
});
