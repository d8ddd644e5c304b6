import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MetricRule } from '../../src/rules/metric-rule.ts';
import { storeOf, seriesOf, valuesOf } from './make-store.ts';

const sized = (...sizes: unknown[]): { attributes: Record<string, unknown> }[] =>
  sizes.map((size) => ({ attributes: { size } }));

describe('a counter of values', () => {
  it('adds numbers, also as decimal text, and leaves out what is none', () => {
    const store = storeOf({ value: 'attributes.size' }, ...sized(1, 0.5, 2n, '1e2', '.5', '+1', 0, -0));
    expect(valuesOf(store)).toEqual({ '': 105 });
    const wrong = [-1, Number.NaN, Infinity, '', ' 1', '0x10', '1e999', 'Infinity', '9'.repeat(65), true, {}, []];
    const other = storeOf({ value: 'attributes.size' }, ...sized(...wrong, undefined, null));
    expect(valuesOf(other)).toEqual({ '': 0 });
    expect(other.stats()[0]).toMatchObject({ counted: 0, invalidValues: wrong.length, withoutValue: 2 });
  });
});

describe('a sum', () => {
  it.each<[rule: Partial<MetricRule>]>([
    [{ type: 'counter' }],
    [{ type: 'gauge', action: 'add' }],
    [{ type: 'histogram', buckets: [1] }],
  ])('stays finite whatever it is given: %j', (rule) => {
    const records = sized(1, Number.MAX_VALUE, Number.MAX_VALUE, 1);
    const store = storeOf({ ...rule, value: 'attributes.size' }, ...records);
    expect(valuesOf(store)).toEqual({ '': Number.MAX_VALUE });
    expect(store.stats()[0]).toMatchObject({ counted: 3, invalidValues: 1 });
  });
});

describe('a value that no metric can take', () => {
  it('makes no series', () => {
    const labels = [{ from: 'scope' }] as const;
    const store = storeOf({ type: 'gauge', value: 'attributes.size', labels }, ...sized(Infinity, Number.NaN, 'x'));
    expect(seriesOf(store)).toEqual([]);
  });
});

describe('a gauge', () => {
  it('has the last value, or the sum of all, and no weight', () => {
    const records = [3, -1.5].map((size) => ({ attributes: { size, log_count: 10, 'sampling.threshold': '8' } }));
    expect(valuesOf(storeOf({ type: 'gauge', value: 'attributes.size' }, ...records))).toEqual({ '': -1.5 });
    const sum = storeOf({ type: 'gauge', value: 'attributes.size', action: 'add' }, ...records);
    expect(valuesOf(sum)).toEqual({ '': 1.5 });
  });
});

describe('a histogram', () => {
  const bounds = [0, 0.5, 1, 2.5, 10];
  const value = fc.oneof(
    fc.constantFrom(...bounds, -0, 0.1, 11, Number.NaN, Infinity, -Infinity, -1, Number.MIN_VALUE, Number.MAX_VALUE),
    fc.double({ min: 0, max: 20, noNaN: true }),
    fc.double(),
  );

  it('has in each bucket the values up to its bound, and leaves out what is negative or not finite', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), (values) => {
        const store = storeOf({ type: 'histogram', value: 'attributes.size', buckets: bounds }, ...sized(...values));
        let sum = 0;
        const taken = values.filter((one) => {
          const isTaken = one >= 0 && Number.isFinite(sum + one);
          if (isTaken) sum += one;
          return isTaken;
        });
        const [series] = seriesOf(store);
        expect(series?.value).toBe(sum);
        expect(series?.buckets).toEqual(
          [...bounds, Infinity].map((upperBound) => ({
            upperBound,
            count: taken.filter((one) => one <= upperBound).length,
          })),
        );
        expect(store.stats()[0]).toMatchObject({ counted: taken.length, invalidValues: values.length - taken.length });
      }),
    );
  });

  it('has whole counts in order, whatever fractions sampling makes', () => {
    const threshold = fc.constantFrom('0', '4', '8', '5555', 'ccccd', 'f');
    const record = fc.record({ size: fc.double({ min: 0, max: 20, noNaN: true }), 'sampling.threshold': threshold });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 50 }), (records) => {
        const rule = { type: 'histogram', value: 'attributes.size', buckets: bounds } as const;
        const [series] = seriesOf(storeOf(rule, ...records.map((attributes) => ({ attributes }))));
        const counts = (series?.buckets ?? []).map(({ count }) => count);
        expect(counts.every((count) => Number.isInteger(count))).toBe(true);
        expect(counts).toEqual(counts.toSorted((left, right) => left - right));
        const weights = storeOf({}, ...records.map((attributes) => ({ attributes })));
        expect(Math.abs((counts.at(-1) ?? 0) - (valuesOf(weights)[''] ?? 0))).toBeLessThan(0.500001);
      }),
    );
  });
});
