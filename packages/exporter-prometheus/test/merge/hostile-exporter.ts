import type { MetricRule } from '../../src/rules/metric-rule.ts';
import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import { logRecord } from '../store/log-record.ts';

const METRICS: readonly MetricRule[] = [
  {
    name: 'hits_total',
    type: 'counter',
    // No quotes, which the libraries do not escape for OpenMetrics.
    help: 'Hits, \\ and\nbroken.',
    labels: [
      { from: 'attributes.a.b' },
      { from: 'attributes.a_b', as: 'other', optional: true },
      { from: 'attributes.le', as: 'bound', optional: true },
      { from: 'attributes.__name__', as: 'name', optional: true },
      { from: 'severity' },
    ],
  },
  { name: 'payload', unit: 'bytes', type: 'counter', help: 'Bytes.', value: 'body.bytes' },
  {
    name: 'depth',
    type: 'gauge',
    help: 'Depth.',
    value: 'attributes.n',
    labels: [{ from: 'scope', as: 'constructor' }],
  },
  {
    name: 'wait',
    unit: 'seconds',
    type: 'histogram',
    help: 'Wait.',
    value: 'attributes.n',
    labels: [{ from: 'attributes.a.b', as: 'zone', default: 'none' }],
    buckets: [0, 1e-5, 0.5, 1, 1e6],
  },
  { name: 'unseen', type: 'counter', help: 'No series.', labels: [{ from: 'attributes.unseen' }] },
];

const HOSTILE_VALUES: readonly unknown[] = [
  'plain',
  'new\nline',
  '"quoted"',
  'back\\slash',
  '\\n',
  '\u{1f4a5}',
  'lone \ud800',
  '\udc00',
  'x'.repeat(1_000_000),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  12n,
  '',
  '# EOF',
  '{a="b"} 1',
  '__proto__',
  'otel_metric_overflow',
  'null\0byte',
];

/** An exporter that has counted what breaks careless ones, in a metric of each type. */
export function hostileExporter(): PrometheusLogRecordExporter {
  const exporter = new PrometheusLogRecordExporter({ metrics: METRICS });
  const records = HOSTILE_VALUES.flatMap((value, index) => [
    logRecord({
      attributes: { 'a.b': value, a_b: value, le: value, __name__: value, __proto__: value, n: index / 3 },
      scope: String(value),
      body: 'text',
      severityNumber: index,
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
    }),
    logRecord({ attributes: { 'a.b': 'same', n: value }, body: value }),
  ]);
  exporter.export(records, () => {});
  return exporter;
}
