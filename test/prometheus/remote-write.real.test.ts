import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { fileOutbox, workerDelivery } from '@spillway/delivery';
import type { PrometheusLogRecordExporterOptions } from '@spillway/exporter-prometheus';

import { type MetricRules, spanContext } from './counting-application.ts';
import { runCountingProcess } from './counting-process.ts';
import { poll } from '../real-programs/poll.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { WritingApplication } from './writing-application.ts';

const TRACE_ID = '1af7651916cd43dd8448eb211c80319d';
const INTERVAL_MILLIS = 100;
const BY_ROUTE: MetricRules = [
  { name: 'requests', type: 'counter', help: 'Requests.', labels: [{ from: 'attributes.route' }] },
];

let prometheus: PrometheusServer;
const applications: WritingApplication[] = [];

type RemoteWriteOptions = NonNullable<PrometheusLogRecordExporterOptions['remoteWrite']>;

function launch(job: string, metrics?: MetricRules, options: Partial<RemoteWriteOptions> = {}): WritingApplication {
  const labels = { job, instance: 'one' };
  const application = new WritingApplication({ url: prometheus.url, labels, ...options }, metrics);
  applications.push(application);
  return application;
}

beforeAll(async () => {
  prometheus = await PrometheusServer.launch();
});

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

afterAll(async () => {
  await prometheus?.close();
});

describe('a Prometheus that is written to', () => {
  it.each([
    ['stop', 'this thread'],
    ['kill', 'this thread'],
    ['stop', 'a worker'],
    ['kill', 'a worker with a file'],
  ] as const)('has exact counters, and each sample, after a %s and a start, written to by %s', async (end, by) => {
    const job = `outage-${end}-${by}`;
    const directory = join(mkdtempSync(join(tmpdir(), 'spillway-write-')), 'outbox');
    onTestFinished(() => rmSync(dirname(directory), { recursive: true }));
    const application = launch(job, BY_ROUTE, {
      intervalMillis: INTERVAL_MILLIS,
      backoff: { delayMillis: () => 50 },
      ...(by === 'a worker' && { worker: workerDelivery() }),
      ...(by === 'a worker with a file' && { outbox: fileOutbox({ directory }) }),
    });
    const { logger } = application;
    let emitted = 0;
    const emit = async (untilSamples: number): Promise<void> => {
      while (application.samples().received < untilSamples) {
        emitted += 1;
        logger.emit({ attributes: { route: emitted % 3 === 0 ? '/a' : '/b' } });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await emit(20);
    await prometheus[end]();
    await emit(60);
    await prometheus.start();
    await emit(80);
    // The last push: none by the interval comes after it.
    await application.close();
    expect(await prometheus.valuesBy('route', `requests_total{job="${job}"}`)).toEqual({
      '/a': Math.floor(emitted / 3),
      '/b': emitted - Math.floor(emitted / 3),
    });
    const { received, passed, held } = application.samples();
    expect([passed, held]).toEqual([received, 0]);
    const stored = await prometheus.valuesBy(
      'job',
      `sum by (job) (count_over_time(requests_total{job="${job}"}[10m]))`,
    );
    expect(stored).toEqual({ [job]: received });
  });

  it('sees a first burst as an increase', async () => {
    const application = launch('burst', BY_ROUTE);
    for (let index = 0; index < 5; index += 1) application.logger.emit({ attributes: { route: '/new' } });
    await application.write();
    await application.write();
    expect((await prometheus.valuesBy('route', 'increase(requests_total{job="burst"}[1m])'))['/new']).toBeGreaterThan(
      4,
    );
  });

  it('has buckets as a hand has computed them, with their exemplars, and without any complaint', async () => {
    const rules: MetricRules = [
      { name: 'wait_seconds', type: 'histogram', help: 'Waits.', value: 'attributes.wait', buckets: [0.1, 1] },
    ];
    const application = launch('histogram', rules);
    for (const wait of [0.05, 0.1, 0.5, 7]) {
      application.logger.emit({ attributes: { wait }, context: spanContext(TRACE_ID) });
    }
    await application.write();
    expect(await prometheus.valuesBy('le', 'wait_seconds_bucket')).toEqual({ '0.1': 2, '1.0': 3, '+Inf': 4 });
    expect(await prometheus.valuesBy('job', 'wait_seconds_sum')).toEqual({ histogram: 7.65 });
    expect(await prometheus.valuesBy('job', 'wait_seconds_count')).toEqual({ histogram: 4 });
    const exemplars = await prometheus.exemplars('wait_seconds_bucket');
    expect(exemplars.map(({ value }) => Number(value)).toSorted((a, b) => a - b)).toEqual([0.1, 0.5, 7]);
    expect(exemplars.every(({ labels }) => labels['trace_id'] === TRACE_ID)).toBe(true);
  });

  it('takes hostile values of attributes', async () => {
    const values = ['', 'one\ntwo', '"}\\', '\u{1f525}', 'a\ud800b', 'x'.repeat(1024 * 1024), Number.NaN];
    const application = launch('hostile', BY_ROUTE);
    for (const route of values) application.logger.emit({ attributes: { route } });
    await application.write();
    const found = await prometheus.query('requests_total{job="hostile"}');
    const routes = ['one\ntwo', '"}\\', '\u{1f525}', 'a?b', 'x'.repeat(1024), 'NaN'];
    expect(new Set(found.map(({ metric }) => metric['route']))).toEqual(new Set(routes));
    expect(application.samples()).toMatchObject({ droppedTotal: 0, held: 0 });
  });

  it('no longer finds a gauge that was idle, nor what a shutdown has ended', async () => {
    const rules: MetricRules = [
      { name: 'depth', type: 'gauge', help: 'Depth.', value: 'attributes.depth', idleTimeoutMillis: 200 },
    ];
    const application = launch('idle', [...rules, ...BY_ROUTE], { endSeriesOnShutdown: true });
    application.logger.emit({ attributes: { depth: 3, route: '/a' } });
    await application.write();
    expect(await prometheus.valuesBy('job', 'depth')).toEqual({ idle: 3 });
    await poll('The end of the gauge', async () => {
      await application.write();
      return (await prometheus.query('depth')).length === 0 ? true : undefined;
    });
    expect(await prometheus.valuesBy('route', 'requests_total{job="idle"}')).toEqual({ '/a': 1 });
    await application.close();
    expect(await prometheus.query('requests_total{job="idle"}')).toEqual([]);
  });

  it('keeps the last values of a process that has shut down', async () => {
    const application = launch('batch', BY_ROUTE);
    application.logger.emit({ attributes: { route: '/last' } });
    await application.close();
    expect(await prometheus.valuesBy('route', 'requests_total{job="batch"}')).toEqual({ '/last': 1 });
  });

  it.each([
    ['a process that shuts down', 'await exporter.shutdown();'],
    ['one that just ends', ''],
  ])('has the last values of %s, and tells three of them apart by default', async (_which, ending) => {
    const job = `processes-${ending.length}`;
    const remoteWrite = { url: prometheus.url, labels: { job } };
    await Promise.all([1, 2, 3].map(() => runCountingProcess({ remoteWrite }, ending)));
    const found = await prometheus.query(`job_rows_total{job="${job}"}`);
    expect(found.map(({ value }) => value[1])).toEqual(['42', '42', '42']);
    expect(new Set(found.map(({ metric }) => metric['instance'])).size).toBe(3);
  });

  it('tells processes apart that write the same metrics', async () => {
    const instances = ['one', 'two', 'three'].map((instance) =>
      launch('instances', BY_ROUTE, { labels: { job: 'instances', instance } }),
    );
    for (const [index, { logger }] of instances.entries()) {
      for (let count = 0; count <= index; count += 1) logger.emit({ attributes: { route: '/' } });
    }
    await Promise.all(instances.map((application) => application.write()));
    const sums = await prometheus.valuesBy('instance', 'requests_total{job="instances"}');
    expect(sums).toEqual({ one: 1, two: 2, three: 3 });
  });
});

describe('a series that Prometheus refuses', () => {
  it('costs its neighbours nothing, and is left out', async () => {
    const ahead = launch('poison', BY_ROUTE, { epochNow: () => Date.now() + 60_000 });
    ahead.logger.emit({ attributes: { route: '/r17' } });
    await ahead.write();
    const application = launch('poison', BY_ROUTE);
    for (let index = 0; index < 50; index += 1) application.logger.emit({ attributes: { route: `/r${index}` } });
    await application.write();
    await application.write();
    const time = `@ ${Date.now() / 1000}`;
    const values = await prometheus.valuesBy('route', `requests_total{job="poison"} ${time}`);
    expect(Object.keys(values)).toHaveLength(49);
    expect(Object.hasOwn(values, '/r17')).toBe(false);
    // Its beginning with 0, and its first value.
    expect(application.samples()).toMatchObject({ held: 0, dropped: { rejected: 2 } });
    const { requestsFailed } = application.samples();
    await application.write();
    expect(application.samples().requestsFailed).toBe(requestsFailed);
  });
});
