import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Drop } from '@spillway/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { PrometheusLogRecordExporter } from '../src/prometheus-log-record-exporter.ts';
import { captureDiagnostics } from './pull/diagnostics.ts';
import { logRecord } from './store/log-record.ts';

const HITS = { name: 'hits', type: 'counter', help: 'Hits.' } as const;

const bug = (): never => {
  throw new Error('bug');
};

/** Exports and answers the code of the result, which comes before `export` returns. */
function exportTo(exporter: PrometheusLogRecordExporter, records: readonly unknown[]): number | undefined {
  let code: number | undefined;
  exporter.export(records as never, (result) => (code = result.code));
  return code;
}

describe('PrometheusLogRecordExporter', () => {
  it('counts records by severity and scope, and their bytes, unless it is told otherwise', () => {
    const exporter = new PrometheusLogRecordExporter();
    expect(exportTo(exporter, [logRecord({ severityNumber: 9, body: 'aä' }), logRecord({ body: 1 })])).toBe(0);
    expect(exporter.metrics()).toEqual({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body:
        '# HELP log_records_total Log records by severity and instrumentation scope.\n' +
        '# TYPE log_records_total counter\n' +
        'log_records_total{scope="scope",severity="INFO"} 1\n' +
        'log_records_total{scope="scope",severity="UNSPECIFIED"} 1\n' +
        '# HELP log_record_bytes_total Size of the text bodies of log records, in UTF-8.\n' +
        '# TYPE log_record_bytes_total counter\n' +
        'log_record_bytes_total 3\n',
    });
    expect(exporter.metrics('application/openmetrics-text').body).toMatch(/# EOF\n$/);
    expect(exporter.families().map(({ name }) => name)).toEqual(['log_records', 'log_record_bytes']);
  });

  it('has passed a record when it has evaluated it, whether or not a metric counts it', () => {
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ ...HITS, when: { minSeverity: 17 } }] });
    exportTo(exporter, [logRecord({ severityNumber: 17 }), logRecord({ severityNumber: 9 })]);
    expect(exporter.stats()).toMatchObject({
      received: 2,
      passed: 2,
      held: 0,
      metrics: [{ name: 'hits', counted: 1 }],
    });
  });

  it('drops what is no record as invalid, tells it once for each export, and counts the others', () => {
    const messages = captureDiagnostics();
    const drops: Drop[] = [];
    const exporter = new PrometheusLogRecordExporter({
      metrics: [HITS],
      onDrop: (drop) => {
        drops.push(drop);
        throw new Error('bug');
      },
    });
    expect(exportTo(exporter, [undefined, logRecord(), null, 'record'])).toBe(0);
    expect(exportTo(exporter, [7, logRecord()])).toBe(0);
    expect(drops).toEqual([
      { count: 3, reason: 'invalid' },
      { count: 1, reason: 'invalid' },
    ]);
    expect(exporter.stats()).toMatchObject({
      received: 6,
      passed: 2,
      dropped: { invalid: 4 },
      droppedTotal: 4,
      held: 0,
    });
    expect(messages.filter((message) => message.includes('records dropped since the start (invalid 3)'))).toHaveLength(
      1,
    );
    expect(messages.filter((message) => message.includes('The callback onDrop threw'))).toHaveLength(1);
  });

  it('keeps its ledger closed while records are evaluated', () => {
    const seen: number[] = [];
    const exporter: PrometheusLogRecordExporter = new PrometheusLogRecordExporter({
      metrics: [
        {
          ...HITS,
          when: {
            predicate: () => {
              const { received, passed, held, droppedTotal } = exporter.stats();
              seen.push(held);
              return received === passed + held + droppedTotal;
            },
          },
        },
      ],
    });
    exportTo(exporter, [logRecord(), logRecord(), logRecord()]);
    expect(seen).toEqual([3, 2, 1]);
    expect(exporter.stats().metrics).toMatchObject([{ counted: 3 }]);
  });

  it('goes on and says so once where a predicate throws', () => {
    const messages = captureDiagnostics();
    const exporter = new PrometheusLogRecordExporter({
      metrics: [HITS, { ...HITS, name: 'odd', when: { predicate: bug } }],
    });
    expect(exportTo(exporter, [logRecord(), logRecord()])).toBe(0);
    expect(exporter.stats()).toMatchObject({ passed: 2, metrics: [{ counted: 2 }, { counted: 0, errors: 2 }] });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('A record could not be counted in `odd`: Error: bug');
  });

  it('survives a callback that throws', () => {
    const messages = captureDiagnostics();
    const exporter = new PrometheusLogRecordExporter({ metrics: [HITS] });
    exporter.export([logRecord()], bug);
    expect(exporter.stats().passed).toBe(1);
    expect(messages[0]).toContain('The callback of an export threw');
  });

  it('answers FAILED after shutdown, counts nothing more, and still shows what it has counted', async () => {
    const exporter = new PrometheusLogRecordExporter({ metrics: [HITS] });
    exportTo(exporter, [logRecord()]);
    const shutdown = exporter.shutdown();
    expect(exporter.shutdown()).toBe(shutdown);
    expect(exportTo(exporter, [logRecord()])).toBe(1);
    await Promise.all([shutdown, exporter.forceFlush({ timeoutMillis: 1 })]);
    expect(exporter.stats()).toMatchObject({ received: 1, passed: 1 });
    expect(exporter.metrics().body).toContain('hits_total 1\n');
  });

  it('ends gauges that nobody changes any more', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const gauge = {
      name: 'depth',
      type: 'gauge',
      help: 'Depth.',
      value: 'attributes.n',
      idleTimeoutMillis: 1000,
    } as const;
    const exporter = new PrometheusLogRecordExporter({ metrics: [gauge] });
    exportTo(exporter, [logRecord({ attributes: { n: 7 } })]);
    vi.advanceTimersByTime(999);
    expect(exporter.metrics().body).toContain('depth 7\n');
    vi.advanceTimersByTime(1);
    expect(exporter.metrics().body).toBe('');
  });

  it('reports on itself by the meter provider that it is given', async () => {
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 30 });
    const selfObsMeterProvider = new MeterProvider({ readers: [reader] });
    onTestFinished(() => selfObsMeterProvider.shutdown());
    const exporter = new PrometheusLogRecordExporter({ metrics: [HITS], selfObsMeterProvider });
    exportTo(exporter, [logRecord(), logRecord(), null]);
    await reader.forceFlush();
    const points = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap((scope) =>
          scope.metrics.flatMap(({ descriptor, dataPoints }) =>
            dataPoints.map(({ value, attributes }) => [
              descriptor.name,
              value,
              attributes['otel.component.type'],
              attributes['error.type'] ?? attributes['reason'],
            ]),
          ),
        ),
      );
    expect(points).toEqual([
      ['otel.sdk.exporter.log.exported', 2, 'PrometheusLogRecordExporter', undefined],
      ['otel.sdk.exporter.log.exported', 1, 'PrometheusLogRecordExporter', 'invalid'],
      ['spillway.exporter.log.dropped', 1, 'PrometheusLogRecordExporter', 'invalid'],
    ]);
  });

  it('does without a meter provider that throws', () => {
    const messages = captureDiagnostics();
    const exporter = new PrometheusLogRecordExporter({ metrics: [HITS], selfObsMeterProvider: { getMeter: bug } });
    exportTo(exporter, [logRecord()]);
    expect(exporter.stats().passed).toBe(1);
    expect(messages[0]).toContain('The meter of selfObsMeterProvider threw');
  });

  it('names the option that is wrong', () => {
    for (const [options, message] of [
      [null, 'Expected `options` to be an object'],
      [{ metric: [HITS] }, 'Expected `metric` to be left out: it is none of `metrics`, `adjustedCount`'],
      [{ bearerToken: 'secret' }, 'got `[redacted]` (string)'],
      [{ metrics: [] }, 'Expected `metrics` to be a list of at least one metric'],
      [{ adjustedCount: 1 }, 'Expected `adjustedCount` to be a boolean'],
      [{ onDrop: 1 }, 'Expected `onDrop` to be a function'],
      [{ selfObsMeterProvider: {} }, 'Expected `selfObsMeterProvider` to be an object with getMeter()'],
    ] as const) {
      expect(() => new PrometheusLogRecordExporter(options as never)).toThrow(message);
    }
  });
});
