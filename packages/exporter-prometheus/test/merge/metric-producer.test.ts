import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import type { MetricRule } from '../../src/rules/metric-rule.ts';
import { logRecord } from '../store/log-record.ts';
import { hostileExporter } from './hostile-exporter.ts';
import { readSamples, readTypes } from './read-samples.ts';

/** The page of OpenTelemetry's exporter, with a metric of the application's own on it. */
async function pageOf(exporter: PrometheusLogRecordExporter): Promise<string> {
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [exporter.metricProducer()] });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  provider.getMeter('own').createCounter('own').add(1);
  return new Promise((resolve) => {
    reader.getMetricsRequestHandler({} as never, { setHeader: () => {}, end: resolve } as never);
  });
}

describe("a metric producer in OpenTelemetry's exporter for Prometheus", () => {
  it('prints all samples as the exporter does, once each, whatever their labels, beside its own', async () => {
    const exporter = hostileExporter();
    const page = await pageOf(exporter);
    const samples = readSamples(page);
    expect(samples.get('own_total []')).toBe(1);
    for (const [key, value] of readSamples(exporter.metrics().body))
      expect([key, samples.get(key)]).toEqual([key, value]);
    const added = ['own_total', 'target_info'];
    const ours = [...samples.keys()].filter((key) => !added.some((name) => key.startsWith(name)));
    expect(ours).toHaveLength(readSamples(exporter.metrics().body).size);
  });

  it('prints the names, types and helps of the exporter', async () => {
    const exporter = hostileExporter();
    const page = await pageOf(exporter);
    for (const type of readTypes(exporter.metrics().body)) expect(readTypes(page)).toContain(type);
    for (const help of exporter
      .metrics()
      .body.split('\n')
      .filter((line) => line.startsWith('# HELP '))) {
      expect(page.split('\n')).toContain(help);
    }
    // A heading without samples would look like a metric that is watched.
    expect(page).not.toContain('unseen');
  });

  it('goes on where it was', async () => {
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ name: 'n', type: 'counter', help: 'N.' }] });
    const producer = exporter.metricProducer();
    const times: unknown[] = [];
    for (const count of [0, 1, 2]) {
      const { resourceMetrics } = await producer.collect();
      const point = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
      expect(point?.value).toBe(count);
      times.push(point?.startTime);
      exporter.export([logRecord()], () => {});
    }
    expect(new Set(times.map(String)).size).toBe(1);
  });

  it('is refused where names would come out as others', () => {
    const rule = { type: 'counter', help: 'N.' } as const;
    const cases: readonly [MetricRule, string][] = [
      [{ ...rule, name: 'job:n' }, '`job:n`'],
      [{ ...rule, name: 'a__b' }, '`a__b`'],
      [{ ...rule, name: 'a_total_total' }, '`a_total`'],
      [{ ...rule, name: '_' }, '`_`'],
      [{ ...rule, name: 'n', labels: [{ from: 'severity', as: 'a__b' }] }, '`a__b` of `n`'],
      [{ ...rule, name: 'n', labels: [{ from: 'attributes.otel.scope.name' }] }, '`otel_scope_name` of its own to `n`'],
    ];
    for (const [metric, message] of cases) {
      const exporter = new PrometheusLogRecordExporter({ metrics: [metric] });
      expect(() => exporter.metricProducer()).toThrow(message);
    }
  });
});

describe('a metric producer in a reader that exports by interval', () => {
  it('hands over sums since the start', async () => {
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const exporter = new PrometheusLogRecordExporter();
    const producers = { metricProducers: [exporter.metricProducer()] };
    const reader = new PeriodicExportingMetricReader({
      exporter: metrics,
      exportIntervalMillis: 2 ** 30,
      ...producers,
    });
    const provider = new MeterProvider({ readers: [reader] });
    onTestFinished(() => provider.shutdown());
    for (const body of ['abc', 'de']) {
      exporter.export([logRecord({ severityNumber: 17, body })], () => {});
      await reader.forceFlush();
    }
    const families = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor: { name, unit }, aggregationTemporality, dataPoints }) => {
        expect(aggregationTemporality).toBe(AggregationTemporality.CUMULATIVE);
        return [name, unit, ...dataPoints.map(({ attributes, value }) => ({ ...attributes, value }))];
      });
    const labels = { scope: 'scope', severity: 'ERROR' };
    expect(families).toEqual([
      ['log_records', '', { ...labels, value: 1 }],
      ['log_record_bytes', 'bytes', { value: 3 }],
      ['log_records', '', { ...labels, value: 2 }],
      ['log_record_bytes', 'bytes', { value: 5 }],
    ]);
  });
});
