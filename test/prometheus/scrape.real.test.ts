import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CountingApplication, type MetricRules, spanContext } from './counting-application.ts';
import { poll } from '../real-programs/poll.ts';
import { PrometheusServer } from './prometheus-server.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const DURATIONS = [0.02, 0.1, 0.1, 0.4, 3, 30];
const RULES: MetricRules = [
  {
    name: 'log_records_total',
    type: 'counter',
    help: 'Log records by severity and route.',
    labels: [{ from: 'severity' }, { from: 'attributes.http.route', optional: true }],
  },
  {
    name: 'request_duration',
    type: 'histogram',
    help: 'How long requests took.',
    unit: 'seconds',
    value: 'attributes.duration',
    buckets: [0.1, 0.5, 10],
  },
  { name: 'queue_length', type: 'gauge', help: 'Length of the queue.', value: 'attributes.queue' },
  {
    name: 'payment_errors_total',
    type: 'counter',
    help: 'Payments that failed.',
    when: { eventName: 'payment.failed' },
    labels: [{ from: 'attributes.provider' }],
    init: [{ provider: 'bank' }],
  },
];

let application: CountingApplication;
let prometheus: PrometheusServer;

beforeAll(async () => {
  application = await CountingApplication.launch(RULES);
  prometheus = await PrometheusServer.launch([
    { job: 'application', url: application.url },
    { job: 'endpoint', url: await application.endpointUrl() },
  ]);
});

afterAll(async () => {
  await prometheus?.close();
  await application?.close();
});

/** Emits, and waits until Prometheus has seen what came of it. */
async function scrapedAfter(emit: () => void): Promise<void> {
  emit();
  await expect(prometheus.scraped('application')).resolves.toMatchObject({ health: 'up', lastError: '' });
}

function sumsBy(label: string): Promise<Record<string, number>> {
  return prometheus.valuesBy(label, `sum by (${label}) (log_records_total{job="application"})`);
}

function increases(): Promise<Record<string, number>> {
  return prometheus.valuesBy('provider', 'increase(payment_errors_total{job="application"}[1m])');
}

describe('a Prometheus that scrapes', () => {
  it('finds the sums that were emitted, by each label', async () => {
    await scrapedAfter(() => {
      for (let index = 0; index < 300; index += 1) {
        const attributes = index % 3 === 0 ? {} : { 'http.route': index % 3 === 1 ? '/a' : '/b' };
        application.logger.emit({ severityNumber: index % 10 === 0 ? 17 : 9, body: 'line', attributes });
      }
    });
    expect(await sumsBy('severity')).toEqual({ ERROR: 30, INFO: 270 });
    expect(await sumsBy('http_route')).toEqual({ '': 100, '/a': 100, '/b': 100 });
  });

  it('finds the buckets that a hand has computed', async () => {
    await scrapedAfter(() => {
      for (const duration of DURATIONS) application.logger.emit({ attributes: { duration } });
    });
    const buckets = await prometheus.valuesBy('le', 'request_duration_seconds_bucket{job="application"}');
    expect(buckets).toEqual({ '0.1': 3, '0.5': 4, '10.0': 5, '+Inf': 6 });
    const [sum] = await prometheus.query(
      'request_duration_seconds_sum{job="application"} / request_duration_seconds_count',
    );
    expect(Number(sum?.value[1])).toBeCloseTo(33.62 / 6, 10);
  });

  it('finds the last value of a gauge, also a negative one', async () => {
    await scrapedAfter(() => {
      for (const queue of [5, -2.5]) application.logger.emit({ attributes: { queue } });
    });
    expect(await prometheus.valuesBy('job', 'queue_length{job="application"}')).toEqual({ application: -2.5 });
  });

  it('finds exemplars by their trace', async () => {
    await scrapedAfter(() => {
      application.logger.emit({ attributes: { duration: 0.3 }, context: spanContext(TRACE_ID) });
    });
    for (const selector of ['log_records_total', 'request_duration_seconds_bucket']) {
      const exemplars = await prometheus.exemplars(selector);
      const found = exemplars.find(({ labels }) => labels['trace_id'] === TRACE_ID);
      expect(found?.labels).toEqual({ trace_id: TRACE_ID, span_id: 'b7ad6b7169203331' });
    }
  });

  it('sees a first burst, because the series was there before it', async () => {
    // An increase needs two samples: both are of the series at 0.
    await poll('Two samples of a series', async () => ('bank' in (await increases()) ? true : undefined));
    await scrapedAfter(() => {
      for (let index = 0; index < 5; index += 1) {
        application.logger.emit({ eventName: 'payment.failed', attributes: { provider: 'bank' } });
      }
    });
    expect((await increases())['bank']).toBeGreaterThan(4);
  });

  it('finds the same at the endpoint of the exporter', async () => {
    await scrapedAfter(() => application.logger.emit({ attributes: { queue: 8 } }));
    await expect(prometheus.scraped('endpoint')).resolves.toMatchObject({ health: 'up', lastError: '' });
    const sums = await prometheus.valuesBy('job', 'sum by (job) (log_records_total)');
    expect(sums['endpoint']).toBe(sums['application']);
    expect(await prometheus.valuesBy('job', 'queue_length')).toEqual({ application: 8, endpoint: 8 });
  });

  it("finds the application's own metric beside those of its records", async () => {
    await prometheus.scraped('application');
    expect(await prometheus.valuesBy('job', 'application_jobs')).toEqual({ application: 3 });
  });
});

describe('promtool', () => {
  it('finds nothing to complain of', async () => {
    const response = await fetch(application.url, { headers: { accept: 'text/plain;version=0.0.4' } });
    const check = promisify(execFile)('promtool', ['check', 'metrics']);
    check.child.stdin?.end(await response.text());
    await expect(check).resolves.toEqual({ stdout: '', stderr: '' });
  });
});
