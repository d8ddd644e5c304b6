import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { writeOpenMetrics } from '../../src/exposition/write-open-metrics.ts';
import { writeText } from '../../src/exposition/write-text.ts';
import type { MetricLabel, MetricRule } from '../../src/rules/metric-rule.ts';
import type { MetricStats } from '../../src/store/metric-tally.ts';
import { logRecord } from '../store/log-record.ts';
import { makeStore } from '../store/make-store.ts';
import type { ParsedFamily, ParsedSample } from './parsed-family.ts';
import { parseExposition } from './strict-parser.ts';

const bug = (): never => {
  throw new Error('bug');
};

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '"',
    '\\',
    '\n',
    '# EOF\n',
    '\ud800',
    '',
    'other',
    'otel_metric_overflow',
    'x'.repeat(3000),
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

const label = fc.record(
  {
    from: fc.constantFrom<MetricLabel['from']>('severity', 'scope', 'eventName', 'attributes.a', 'attributes.le'),
    map: fc.constantFrom<NonNullable<MetricLabel['map']>>(
      (one) => one.slice(0, 1),
      String,
      () => undefined,
      bug,
    ),
    values: fc.constantFrom(['a', 'INFO'], ['other']),
    fallback: fc.constantFrom({ optional: true }, { default: '"\n' }, { optional: false }),
  },
  { requiredKeys: ['from'] },
);
/** Two labels at most that are called alike whatever their origin, so that all of them may stand together. */
const labels = fc
  .array(label, { maxLength: 2 })
  .map((list) => list.map(({ fallback, ...one }, index): MetricLabel => ({ ...one, ...fallback, as: `l${index}` })));

const common = {
  help: text.map((help) => `H${help}`),
  labels,
  maxSeries: fc.integer({ min: 1, max: 4 }),
  overflow: fc.constantFrom('series' as const, 'drop' as const),
  unit: fc.constantFrom('seconds', 'bytes', 'a_b'),
  when: fc.constantFrom<NonNullable<MetricRule['when']>>(
    { minSeverity: 9 },
    [{ scope: 'a' }, { attributes: { a: 'b' } }],
    [{ predicate: bug }, {}],
  ),
};
const value = fc.constantFrom<NonNullable<MetricRule['value']>>('attributes.n', 'body.bytes', () => 0.1, bug);
const shapes = {
  counter: fc.record({ ...common, value }, { requiredKeys: ['help'] }),
  gauge: fc.record(
    { ...common, value, action: fc.constantFrom('set' as const, 'add' as const), idleTimeoutMillis: fc.constant(30) },
    { requiredKeys: ['help', 'value'] },
  ),
  histogram: fc.record(
    { ...common, value, buckets: fc.constantFrom([0], [1e-9, 0.1, 1, 1e6], [5]) },
    { requiredKeys: ['help', 'value', 'buckets'] },
  ),
};
const rule: fc.Arbitrary<Omit<MetricRule, 'name'>> = fc.oneof(
  shapes.counter.map((shape) => ({ ...shape, type: 'counter' as const })),
  shapes.gauge.map((shape) => ({ ...shape, type: 'gauge' as const })),
  shapes.histogram.map((shape) => ({ ...shape, type: 'histogram' as const })),
);
const rules = fc
  .array(rule, { minLength: 1, maxLength: 4 })
  .map((list) => list.map((one, index): MetricRule => ({ ...one, name: `m${index}` })));

const record = fc.record({
  severityNumber: fc.constantFrom(undefined as never, 0, 9, 17, 99),
  scope: text,
  eventName: text,
  body: text,
  attributes: fc.record({
    a: fc.oneof(text, fc.constantFrom(1, null, {}, 5n, Symbol('x'))),
    le: text,
    n: fc.oneof(fc.double(), fc.constantFrom(-0, 1e308, '1e5', 'x', 7n, null)),
    'sampling.threshold': fc.constantFrom(undefined, '8', '5555', 'FFFFFFFFFFFFFF'),
    log_count: fc.constantFrom(undefined, 3, -1),
  }),
  spanContext: fc.constantFrom(undefined, { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }),
});

/** What both formats can say of a metric. */
function shared({ name, type, samples }: ParsedFamily): unknown {
  const values = samples.map((sample: ParsedSample) => [sample.name, [...sample.labels], sample.value]);
  return [type === 'counter' ? name.replace(/_total$/, '') : name, type, values];
}

const recordsOf = ({ name: _name, series: _series, ...counts }: MetricStats): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

describe('a page of any rules', () => {
  it('can be read in both formats, says the same in both, and accounts for every record', () => {
    const property = fc.property(rules, fc.array(record, { maxLength: 25 }), (metrics, records) => {
      const store = makeStore({ metrics });
      for (const [now, fields] of records.entries()) {
        store.add(logRecord(fields), now * 10);
        const families = store.snapshot(now * 10);
        const pages = [
          parseExposition(writeText(families), 'text'),
          parseExposition(writeOpenMetrics(families), 'openmetrics'),
        ];
        expect(pages[0]?.map((family) => shared(family))).toEqual(pages[1]?.map((family) => shared(family)));
        for (const [index, { series }] of families.entries()) {
          expect(series.length).toBeLessThanOrEqual((metrics[index]?.maxSeries ?? 1000) + 1);
        }
      }
      const ofAll = store.stats().filter((_, index) => metrics[index]?.when === undefined);
      expect(ofAll.map((stats) => recordsOf(stats))).toEqual(ofAll.map(() => records.length));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
