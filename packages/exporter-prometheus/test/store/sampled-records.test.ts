import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MetricRule } from '../../src/rules/metric-rule.ts';
import { logRecord } from './log-record.ts';
import { makeStore, NOW_MILLIS } from './make-store.ts';

const SIZES: MetricRule = {
  name: 'sizes',
  type: 'counter',
  help: 'x',
  value: 'attributes.size',
  labels: [{ from: 'attributes.a' }],
};
const METRICS: readonly MetricRule[] = [
  { name: 'records', type: 'counter', help: 'x', labels: [{ from: 'attributes.a' }, { from: 'severity' }] },
  SIZES,
  { ...SIZES, name: 'spread', type: 'histogram', buckets: [1, 2] },
];

const attributes = fc.record(
  {
    a: fc.constantFrom('x', 'y', 'z'),
    size: fc.double({ min: 0, max: 100, noNaN: true }),
    'sampling.threshold': fc.string({
      unit: fc.constantFrom(...Array.from('0123456789abcdef')),
      minLength: 1,
      maxLength: 14,
    }),
    log_count: fc.integer({ min: 1, max: 20 }),
  },
  { requiredKeys: ['a', 'size'] },
);
const records = fc.array(fc.record({ attributes, severityNumber: fc.constantFrom(9, 17) }), { maxLength: 80 });

interface Weighing {
  readonly 'sampling.threshold'?: string;
  readonly log_count?: number;
}

function weightOf({ 'sampling.threshold': threshold = '0', log_count: count = 1 }: Weighing): number {
  return (2 ** 56 / Number(2n ** 56n - BigInt(`0x${threshold.padEnd(14, '0')}`))) * count;
}

describe('records that stand for others', () => {
  it('count for all of them in counters and histograms, by label', () => {
    fc.assert(
      fc.property(records, fc.boolean(), (list, adjustedCount) => {
        const store = makeStore({ metrics: METRICS, adjustedCount });
        const expected = new Map<string, number>();
        const add = (key: string, value: number): unknown => expected.set(key, (expected.get(key) ?? 0) + value);
        for (const fields of list) {
          store.add(logRecord(fields), NOW_MILLIS);
          const weight = adjustedCount ? weightOf(fields.attributes) : 1;
          const { a, size } = fields.attributes;
          add(`records ${a} ${fields.severityNumber === 9 ? 'INFO' : 'ERROR'}`, weight);
          add(`sizes ${a}`, size * weight);
          add(`spread ${a}`, size * weight);
        }
        const actual = store
          .snapshot(NOW_MILLIS)
          .flatMap(({ name, series }) =>
            series.map(({ labels, value }) => [[name, ...labels.map(([, text]) => text)].join(' '), value] as const),
          );
        expect(actual.map(([key]) => key).toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [key, value] of actual) {
          const wanted = expected.get(key) ?? 0;
          expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
        }
      }),
    );
  });
});
