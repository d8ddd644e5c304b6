import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { writeOpenMetrics } from '../../src/exposition/write-open-metrics.ts';
import { writeText } from '../../src/exposition/write-text.ts';
import type { MetricRule } from '../../src/rules/metric-rule.ts';
import type { FamilySnapshot, SeriesSnapshot } from '../../src/store/family-snapshot.ts';
import { logRecord } from '../store/log-record.ts';
import { makeStore, NOW_MILLIS } from '../store/make-store.ts';
import type { Format, ParsedFamily, ParsedSample } from './parsed-family.ts';
import { parseExposition } from './strict-parser.ts';

const WRITERS: Readonly<Record<Format, (families: readonly FamilySnapshot[]) => string>> = {
  text: writeText,
  openmetrics: writeOpenMetrics,
};

const METRICS: readonly MetricRule[] = [
  {
    name: 'hits',
    type: 'counter',
    help: 'A "quote", a \\ and a\nnewline \ud800.',
    labels: [{ from: 'attributes.a.b' }, { from: 'attributes.a_b', as: 'B', optional: true }, { from: 'severity' }],
    maxSeries: 5,
  },
  {
    name: 'depth',
    type: 'gauge',
    help: 'x',
    value: 'attributes.n',
    labels: [{ from: 'attributes.__name__', as: '_name_', default: '\\"' }],
  },
  {
    name: 'wait_seconds',
    type: 'histogram',
    help: 'x',
    unit: 'seconds',
    value: 'attributes.n',
    labels: [{ from: 'attributes.a.b', as: 'zone' }],
    buckets: [0, 1e-5, 0.5, 1, 1e6],
  },
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '"',
    '\\',
    '\n',
    '\r',
    '\\n',
    '\\"',
    '# EOF',
    '}',
    '{',
    ',',
    'a="b"',
    '\0',
    '\u2028',
    '😀',
    '\ud800',
    ' ',
  ),
  fc.constant('x'.repeat(1_000_000)),
);
const value = fc.oneof(text, fc.double(), fc.boolean(), fc.constantFrom(null, undefined, [], {}));
const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 0.5, 1e300, Number.NaN, Infinity, -Infinity, '1e5'));
const spanContext = fc.oneof(
  fc.constant(undefined),
  fc.constant({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 }),
  fc.record({ traceId: text, spanId: text }),
);
const record = fc.record({
  attributes: fc.record({
    'a.b': value,
    a_b: value,
    __name__: value,
    le: value,
    n: number,
    'sampling.threshold': fc.constantFrom(undefined, '8', 'e66', 'f'),
    log_count: fc.constantFrom(undefined, 3),
  }),
  severityNumber: fc.constantFrom(undefined as never, 9, 17),
  spanContext,
});

/** What the lines of a page say, in the form of a snapshot; the text format cannot say all of it. */
function expectedSamples({ name, type, series }: FamilySnapshot, format: Format): unknown[] {
  const sample = (suffix: string, { labels }: SeriesSnapshot, number_: number, more?: unknown, le = ''): unknown => {
    const all = le === '' ? labels : [...labels, ['le', le] as const];
    return {
      name: name + suffix,
      labels: new Map(all),
      value: number_ === 0 ? 0 : number_,
      exemplar: format === 'text' ? undefined : more,
    };
  };
  return series.flatMap((one) => {
    if (one.buckets === undefined)
      return [sample(type === 'counter' ? '_total' : '', one, one.value, exemplarOf(one.exemplar))];
    const bounds = ['0.0', '1e-05', '0.5', '1.0', '1e+06', '+Inf'];
    const buckets = one.buckets.map((bucket, index) =>
      sample('_bucket', one, bucket.count, exemplarOf(bucket.exemplar), bounds[index]),
    );
    return [...buckets, sample('_sum', one, one.value), sample('_count', one, one.buckets.at(-1)?.count ?? 0)];
  });
}

function exemplarOf(exemplar: SeriesSnapshot['exemplar']): unknown {
  if (exemplar === undefined) return undefined;
  const { labels, value: number_, timestampMillis } = exemplar;
  return { labels: new Map(labels), value: number_ === 0 ? 0 : number_, timestampSeconds: timestampMillis / 1000 };
}

function parsedSample({ name, labels, value: number_, exemplar }: ParsedSample): unknown {
  return { name, labels, value: number_, exemplar };
}

describe.each<Format>(['text', 'openmetrics'])('a page of the format %s', (format) => {
  const write = WRITERS[format];

  it('says what the store has, and every parser can read it, whatever records hold', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const store = makeStore({ metrics: METRICS });
        for (const fields of records) store.add(logRecord(fields), NOW_MILLIS);
        const families = store.snapshot(NOW_MILLIS).filter(({ series }) => series.length > 0);
        const parsed = parseExposition(write(families), format);
        expect(parsed.map(({ samples }) => samples.map((sample) => parsedSample(sample)))).toEqual(
          families.map((family) => expectedSamples(family, format)),
        );
      }),
    );
  });

  it('names, explains and types each metric, and leaves out one without series', () => {
    const store = makeStore({ metrics: METRICS });
    expect(parseExposition(write(store.snapshot(NOW_MILLIS)), format)).toEqual([]);
    store.add(logRecord({ attributes: { 'a.b': 'x', n: 1 }, severityNumber: 9 }), NOW_MILLIS);
    const parsed = parseExposition(write(store.snapshot(NOW_MILLIS)), format);
    const described = parsed.map(({ name, type, help, unit }: ParsedFamily) => [name, type, help, unit]);
    const isText = format === 'text';
    expect(described).toEqual([
      [isText ? 'hits_total' : 'hits', 'counter', 'A "quote", a \\ and a\nnewline ?.', undefined],
      ['depth', 'gauge', 'x', undefined],
      ['wait_seconds', 'histogram', 'x', isText ? undefined : 'seconds'],
    ]);
  });
});

describe('a page', () => {
  it('is written just so', () => {
    const store = makeStore({ metrics: METRICS });
    const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
    const hrTime: [number, number] = [1_700_000_000, 250_000_000];
    store.add(
      logRecord({ attributes: { 'a.b': 'x', a_b: 'y"', n: 0.5 }, severityNumber: 9, spanContext: span, hrTime }),
      NOW_MILLIS,
    );
    const exemplar = ` # {span_id="${span.spanId}",trace_id="${span.traceId}"}`;
    expect(writeText(store.snapshot(NOW_MILLIS)).split('\n').slice(0, 6)).toEqual([
      String.raw`# HELP hits_total A "quote", a \\ and a\nnewline ?.`,
      '# TYPE hits_total counter',
      String.raw`hits_total{B="y\"",a_b="x",severity="INFO"} 1`,
      '# HELP depth x',
      '# TYPE depth gauge',
      String.raw`depth{_name_="\\\""} 0.5`,
    ]);
    expect(writeOpenMetrics(store.snapshot(NOW_MILLIS)).split('\n')).toEqual([
      '# TYPE hits counter',
      String.raw`# HELP hits A \"quote\", a \\ and a\nnewline ?.`,
      `${String.raw`hits_total{B="y\"",a_b="x",severity="INFO"} 1`}${exemplar} 1 1700000000.25`,
      '# TYPE depth gauge',
      '# HELP depth x',
      String.raw`depth{_name_="\\\""} 0.5`,
      '# TYPE wait_seconds histogram',
      '# UNIT wait_seconds seconds',
      '# HELP wait_seconds x',
      'wait_seconds_bucket{zone="x",le="0.0"} 0',
      'wait_seconds_bucket{zone="x",le="1e-05"} 0',
      `wait_seconds_bucket{zone="x",le="0.5"} 1${exemplar} 0.5 1700000000.25`,
      'wait_seconds_bucket{zone="x",le="1.0"} 1',
      'wait_seconds_bucket{zone="x",le="1e+06"} 1',
      'wait_seconds_bucket{zone="x",le="+Inf"} 1',
      'wait_seconds_sum{zone="x"} 0.5',
      'wait_seconds_count{zone="x"} 1',
      '# EOF',
      '',
    ]);
  });
});
