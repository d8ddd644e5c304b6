import { describe, expect, it } from 'vitest';

import type { MetricLabel, MetricRule } from '../../src/rules/metric-rule.ts';
import { resolveMetricRules } from '../../src/rules/resolve-metric-rules.ts';

const RULE: MetricRule = { name: 'm', type: 'counter', help: 'A metric.' };
const GAUGE: MetricRule = { ...RULE, type: 'gauge', value: 'attributes.a' };
const HISTOGRAM: MetricRule = { ...RULE, type: 'histogram', value: 'attributes.a', buckets: [1] };

const resolveOne = (rule: object): ReturnType<typeof resolveMetricRules>['metrics'][number] | undefined =>
  resolveMetricRules({ metrics: [rule as MetricRule] }).metrics[0];
const errorOf = (rule: object): string => {
  try {
    resolveOne(rule);
    return 'none';
  } catch (error) {
    return String(error);
  }
};
const clash =
  (one: object, other: object): (() => unknown) =>
  () =>
    resolveMetricRules({ metrics: [one, other] as MetricRule[] });
const mappedError = (label: object, severity: string): string =>
  errorOf({ ...RULE, labels: [{ from: 'severity', map: String, ...label }], init: [{ severity }] });

describe('names of metrics', () => {
  it.each<[name: string, rule: object, expected: string]>([
    ['a counter', { name: 'm' }, 'm'],
    ['a counter that is called total', { name: 'm_total' }, 'm'],
    ['a counter with a unit', { name: 'm', unit: 'bytes' }, 'm_bytes'],
    ['a counter that has its unit', { name: 'm_bytes', unit: 'bytes' }, 'm_bytes'],
    ['a counter that has its unit and total', { name: 'm_bytes_total', unit: 'bytes' }, 'm_bytes'],
    ['a counter whose whole name is the unit', { name: 'bytes', unit: 'bytes' }, 'bytes_bytes'],
    ['a gauge with a unit', { ...GAUGE, name: 'a:b', unit: 'seconds' }, 'a:b_seconds'],
  ])('are, of %s, without `_total` and with the unit', (_, rule, expected) => {
    expect(resolveOne({ ...RULE, ...rule })?.name).toBe(expected);
  });

  it('may not be those of samples of another metric', () => {
    expect(clash(RULE, RULE)).toThrow(
      'Expected `metrics[1].name` to be a name that does not clash with `metrics[0].name`',
    );
    expect(clash(RULE, { ...RULE, name: 'm_total' })).toThrow(RangeError);
    expect(clash(RULE, GAUGE)).toThrow(RangeError);
    expect(clash({ ...RULE, unit: 'bytes' }, { ...RULE, name: 'm_bytes' })).toThrow(RangeError);
    expect(clash({ ...GAUGE, name: 'm_count' }, HISTOGRAM)).toThrow(RangeError);
    expect(clash(HISTOGRAM, { ...GAUGE, name: 'm_bucket' })).toThrow(RangeError);
    expect(clash(HISTOGRAM, { ...RULE, name: 'm_sum' })).toThrow(RangeError);
    expect(clash(HISTOGRAM, { ...RULE, name: 'n' })).not.toThrow();
  });
});

describe('names of labels', () => {
  it.each<[from: string, expected: string]>([
    ['severity', 'severity'],
    ['eventName', 'event_name'],
    ['attributes.http.route', 'http_route'],
    ['resource.k8s.pod-name', 'k8s_pod_name'],
    ['attributes._a__b_', '_a_b_'],
    ['attributes.9lives', 'key_9lives'],
    ['attributes.a\nb', 'a_b'],
    ['attributes.é', '_'],
  ])('are made of the origin: %j becomes %s', (from, expected) => {
    expect(resolveOne({ ...RULE, labels: [{ from }] })?.labels[0]?.name).toBe(expected);
  });
});

describe('options of metrics', () => {
  it.each<[expected: string, rule: object]>([
    ['`metrics[0].name`', { ...RULE, name: undefined }],
    ['`metrics[0].name`', { ...RULE, name: '' }],
    ['`metrics[0].name`', { ...RULE, name: 'a.b' }],
    ['`metrics[0].name`', { ...RULE, name: '9a' }],
    ['`metrics[0].name`', { ...RULE, name: '_total' }],
    ['`metrics[0].name` to be without `_total`', { ...GAUGE, name: 'a_total' }],
    ['`metrics[0].name` to be a name that Prometheus does not have for itself', { ...GAUGE, name: 'up' }],
    ['`metrics[0].name`', { ...GAUGE, name: 'scrape_duration', unit: 'seconds' }],
    ['`metrics[0].name`', { ...GAUGE, name: 'ALERTS' }],
    ['`metrics[0].type`', { ...RULE, type: 'summary' }],
    ['`metrics[0].help`', { ...RULE, help: '' }],
    ['`metrics[0].help`', { ...RULE, help: undefined }],
    ['`metrics[0].unit`', { ...RULE, unit: 'm/s' }],
    ['`metrics[0].unit`', { ...RULE, unit: '' }],
    ['`metrics[0].unit`', { ...RULE, unit: 5 }],
    ['`metrics[0].value`', { ...RULE, value: 'size' }],
    ['`metrics[0].value`', { ...RULE, value: 'attributes.' }],
    ['`metrics[0].value`', { ...RULE, value: 1 }],
    ['`metrics[0].value`', { ...GAUGE, value: undefined }],
    ['`metrics[0].value`', { ...HISTOGRAM, value: undefined }],
    ['`metrics[0].action` to be absent for a counter', { ...RULE, action: 'add' }],
    ['`metrics[0].action`', { ...GAUGE, action: 'inc' }],
    ['`metrics[0].buckets` to be absent for a gauge', { ...GAUGE, buckets: [1] }],
    ['`metrics[0].buckets`', { ...HISTOGRAM, buckets: undefined }],
    ['`metrics[0].buckets`', { ...HISTOGRAM, buckets: [] }],
    ['`metrics[0].buckets`', { ...HISTOGRAM, buckets: [1, 1] }],
    ['`metrics[0].buckets`', { ...HISTOGRAM, buckets: [0, -0] }],
    ['`metrics[0].buckets`', { ...HISTOGRAM, buckets: [2, 1] }],
    ['`metrics[0].buckets[1]`', { ...HISTOGRAM, buckets: [1, Infinity] }],
    ['`metrics[0].buckets[0]`', { ...HISTOGRAM, buckets: [Number.NaN] }],
    ['`metrics[0].buckets[0]`', { ...HISTOGRAM, buckets: [-1] }],
    ['`metrics[0].buckets[0]`', { ...HISTOGRAM, buckets: ['1'] }],
    ['`metrics[0].maxSeries`', { ...RULE, maxSeries: 0 }],
    ['`metrics[0].maxSeries`', { ...RULE, maxSeries: Infinity }],
    ['`metrics[0].overflow`', { ...RULE, overflow: 'evict' }],
    ['`metrics[0].idleTimeoutMillis` to be absent for a histogram', { ...HISTOGRAM, idleTimeoutMillis: 5 }],
    ['`metrics[0].idleTimeoutMillis`', { ...GAUGE, idleTimeoutMillis: 0 }],
    ['`metrics[0].exemplars` to be absent for a gauge', { ...GAUGE, exemplars: true }],
    ['`metrics[0].exemplars`', { ...RULE, exemplars: 'span' }],
  ])('must be right: %s', (expected, rule) => {
    expect(errorOf(rule)).toContain(`Expected ${expected}`);
  });

  it('of conditions must be right', () => {
    expect(errorOf({ ...RULE, when: [] })).toContain('`metrics[0].when`');
    expect(errorOf({ ...RULE, when: [{}, { scope: '' }] })).toContain('`metrics[0].when[1].scope`');
  });

  it.each<[field: string, ...labels: unknown[]]>([
    ['labels[0].from', { from: 'body' }],
    ['labels[0].from', { from: 'attributes.' }],
    ['labels[0].from', { from: 'severity.text' }],
    ['labels[0].from', {}],
    ['labels[0].from', { from: 'attributes.job' }],
    ['labels[0].from', { from: 'resource.instance' }],
    ['labels[0].from', { from: 'attributes.le' }],
    ['labels[0].from', { from: 'attributes.quantile' }],
    ['labels[0].from', { from: 'attributes.__name__' }],
    ['labels[0].from', { from: 'resource.__' }],
    ['labels[0].map', { from: 'severity', map: { INFO: 'info' } }],
    ['labels[0].as', { from: 'severity', as: 'le' }],
    ['labels[0].as', { from: 'severity', as: '__name__' }],
    ['labels[0].as', { from: 'severity', as: 'a.b' }],
    ['labels[0].as', { from: 'severity', as: '' }],
    ['labels[0].as', { from: 'severity', as: 5 }],
    ['labels[0].default', { from: 'severity', default: '' }],
    ['labels[0].optional', { from: 'severity', default: 'x', optional: true }],
    ['labels[0].optional', { from: 'severity', optional: 1 }],
    ['labels[0].values', { from: 'severity', values: [] }],
    ['labels[0].values', { from: 'severity', values: 'INFO' }],
    ['labels[0].values[1]', { from: 'severity', values: ['INFO', ''] }],
    ['labels[1]', { from: 'severity' }, null],
    ["labels[0]` to be an object, such as `{ from: 'severity' }", 'severity'],
    ['labels', { from: 'attributes.a.b' }, { from: 'attributes.a_b' }],
    ['labels', { from: 'attributes.a' }, { from: 'resource.b', as: 'a' }],
  ])('of labels must be right: %s', (field, ...labels) => {
    expect(errorOf({ ...RULE, labels })).toContain(`Expected \`metrics[0].${field}\``);
  });

  it('of series that exist from the start must be right: records must be able to count in them', () => {
    const labels: readonly MetricLabel[] = [
      { from: 'severity' },
      { from: 'attributes.a', values: ['x'], default: 'none' },
      { from: 'attributes.b', optional: true },
    ];
    const initError = (...init: unknown[]): string => errorOf({ ...RULE, labels, init, maxSeries: 2 });
    expect(initError({ severity: 'INFO', a: 'x', b: 'y' }, { severity: 'UNSPECIFIED', a: 'other' })).toBe('none');
    expect(initError({ severity: 'FATAL', a: 'none' })).toBe('none');
    expect(initError({ severity: 'info', a: 'x' })).toContain('`metrics[0].init[0].severity`');
    expect(initError({ severity: 'INFO', a: 'y' })).toContain('`metrics[0].init[0].a`');
    expect(initError({ severity: 'INFO', a: 'x', b: '' })).toContain('`metrics[0].init[0].b`');
    expect(initError({ severity: 'INFO' })).toContain('`metrics[0].init[0].a`');
    expect(initError({ severity: 'INFO', a: 'x', c: 'z' })).toContain('`metrics[0].init[0]`');
    expect(initError(null)).toContain('`metrics[0].init[0]`');
    expect(initError(...Array.from({ length: 3 }, () => ({ severity: 'INFO', a: 'x' })))).toContain(
      '`metrics[0].init`',
    );
    expect(errorOf({ ...RULE, init: {} })).toContain('`metrics[0].init`');
  });

  it('of a series from the start are any text where a label is mapped, unless there is a list', () => {
    expect(mappedError({}, 'any')).toBe('none');
    expect(mappedError({ values: ['x'] }, 'x')).toBe('none');
    expect(mappedError({ values: ['x'] }, 'any')).toContain('`metrics[0].init[0].severity` to be one of x, other');
  });

  it('have defaults for the buckets of durations in seconds only', () => {
    const buckets = (rule: object): unknown => resolveOne({ ...HISTOGRAM, buckets: undefined, ...rule })?.buckets;
    const defaults = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    expect(buckets({ unit: 'seconds' })).toEqual(Float64Array.from(defaults));
    expect(buckets({ unit: 'seconds', buckets: [1] })).toEqual(Float64Array.of(1));
    expect(errorOf({ ...HISTOGRAM, buckets: undefined, unit: 'bytes' })).toContain(
      '`metrics[0].buckets` to be a list of numbers; only the unit `seconds` has a default',
    );
  });

  it('say of exemplars what they are, or only whether', () => {
    expect(resolveOne({ ...RULE, exemplars: 'trace' })?.exemplars).toBe(true);
    expect(resolveOne({ ...RULE, exemplars: false })?.exemplars).toBe(false);
    expect(resolveOne({ ...GAUGE, exemplars: false })?.exemplars).toBe(false);
  });

  it('are there for one metric at least, or not at all', () => {
    expect(resolveMetricRules({}).metrics.map(({ name }) => name)).toEqual(['log_records', 'log_record_bytes']);
    expect(() => resolveMetricRules({ metrics: [] })).toThrow('Expected `metrics` to be a list of at least one metric');
    expect(() => resolveMetricRules({ metrics: {} as [] })).toThrow('Expected `metrics` to be a list');
    expect(() => resolveMetricRules({ metrics: [null as never] })).toThrow('Expected `metrics[0]` to be an object');
    expect(() => resolveMetricRules({ adjustedCount: 1 as never })).toThrow('Expected `adjustedCount` to be a boolean');
  });
});
