import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';
import { Counter, type OpenMetricsContentType, type PrometheusContentType, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MetricRules, spanContext } from './counting-application.ts';
import { PageServer } from './page-server.ts';
import { PrometheusServer } from './prometheus-server.ts';

const RULES: MetricRules = [
  {
    name: 'lines',
    type: 'counter',
    help: 'Lines, "quoted" \\ and\nbroken.',
    labels: [
      { from: 'attributes.a.b', as: 'dotted', optional: true },
      { from: 'attributes.a_b', optional: true },
    ],
  },
  { name: 'wait', unit: 'seconds', type: 'histogram', help: 'Waits.', value: 'attributes.wait', buckets: [0.5, 2] },
];
const VALUES = [
  'plain',
  'one\ntwo',
  String.raw`"}\n# EOF`,
  '\n# EOF\n',
  '\u{1f525}',
  'a\ud800b',
  'x'.repeat(1024 * 1024),
];
const JOBS = ['prom-client', 'prom-client-open-metrics', 'opentelemetry'] as const;

const exporter = new PrometheusLogRecordExporter({ metrics: RULES });
const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
const pages: PageServer[] = [];
let prometheus: PrometheusServer;

/** The page of an application that has metrics of its own in a registry of prom-client. */
function registryPage(contentType: PrometheusContentType | OpenMetricsContentType): Promise<PageServer> {
  const registry = new Registry<PrometheusContentType | OpenMetricsContentType>();
  registry.setContentType(contentType);
  const registers = [registry as Registry];
  new Counter({ name: 'own_total', help: "The application's own.", registers }).inc(3);
  exporter.registerInto(registry);
  return PageServer.launch((_request, response) => {
    response.setHeader('content-type', registry.contentType);
    void registry.metrics().then((text) => response.end(text));
  });
}

/** The page of an application that has metrics of its own in OpenTelemetry's SDK. */
function openTelemetryPage(): Promise<PageServer> {
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [exporter.metricProducer()] });
  const meters = new MeterProvider({ readers: [reader] });
  meters.getMeter('application').createCounter('own').add(3);
  return PageServer.launch((request, response) => reader.getMetricsRequestHandler(request, response));
}

beforeAll(async () => {
  pages.push(
    await registryPage(Registry.PROMETHEUS_CONTENT_TYPE),
    await registryPage(Registry.OPENMETRICS_CONTENT_TYPE),
    await openTelemetryPage(),
  );
  const logger = provider.getLogger('application');
  for (const value of VALUES) logger.emit({ attributes: { 'a.b': value, a_b: 'beside' } });
  const context = spanContext('2af7651916cd43dd8448eb211c80319e');
  for (const wait of [0.1, 1, 3]) logger.emit({ attributes: { wait }, context });
  prometheus = await PrometheusServer.launch(
    JOBS.map((job, index) => ({ job, url: (pages[index] as PageServer).url })),
  );
});

afterAll(async () => {
  await prometheus?.close();
  await Promise.all(pages.map((page) => page.close()));
});

describe.each(JOBS)('a page of %s that has our metrics as well', (job) => {
  it('leaves the target up, and its own metrics readable', async () => {
    await expect(prometheus.scraped(job)).resolves.toMatchObject({ health: 'up', lastError: '' });
    expect(await prometheus.valuesBy('job', `own_total{job="${job}"}`)).toEqual({ [job]: 3 });
  });

  it('has what was counted', async () => {
    await prometheus.scraped(job);
    const sum = await prometheus.valuesBy('job', `sum by (job) (lines_total{job="${job}",a_b="beside"})`);
    expect(sum).toEqual({ [job]: VALUES.length });
    const buckets = await prometheus.query(`wait_seconds_bucket{job="${job}"}`);
    // Bounds are written as `2.0` or as `2`, by what has written the page.
    const counts = buckets.map(({ metric, value }) => [metric['le']?.replace('.0', ''), Number(value[1])]);
    expect(Object.fromEntries(counts)).toEqual({ '0.5': 1, '2': 2, '+Inf': 3 });
  });
});
