import { toOptions } from '@spillway/core/component-provider';
import { deliveryProperties, requestHeaderProperties } from '@spillway/delivery/component-properties';
import type { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';
import { componentProviders, prometheusProvider } from '@spillway/exporter-prometheus/component-providers';
import { createNoopMeter } from '@opentelemetry/api';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { expect, onTestFinished, test } from 'vitest';

import {
  type PrometheusLogRecordExporterOptions,
  resolvePrometheusOptions,
} from '../src/prometheus-exporter-options.ts';
import { prometheusProperties, withOutlet } from '../src/prometheus-provider.ts';

const SECRET = 'hunter2';
const ENDPOINT = 'http://127.0.0.1:9';

const METRIC = {
  name: 'orders',
  type: 'histogram',
  help: 'Orders.',
  unit: 'euros',
  when: [{ min_severity: 'info', event_name: 'order' }],
  value: 'attributes.total',
  action: 'add',
  labels: [
    { from: 'event_name', as: 'event', default: 'none', values: ['order'] },
    { from: 'scope', optional: true },
  ],
  buckets: [1, 2],
  max_series: 3,
  overflow: 'drop',
  idle_timeout: 4,
  exemplars: false,
  init: [{ event: 'order' }],
};

const optionsOf = (values: object): PrometheusLogRecordExporterOptions => toOptions(prometheusProperties, values);

/** What the schemas say is taken where a property is left out. */
function defaultsUnder(name: string): Record<string, unknown> {
  const own = Object.entries(prometheusProperties[name]?.properties ?? {});
  const given = own.filter(
    ([key, { schema }]) => schema['default'] !== undefined && !Object.hasOwn(deliveryProperties, key),
  );
  return Object.fromEntries(given.map(([key, { schema }]) => [key, schema['default']]));
}

/** Without functions, which are never equal. */
function resolve(values: object): object {
  const { remoteWrite, ...resolved } = resolvePrometheusOptions(optionsOf(values));
  const { epochNow: _epochNow, ...write } = remoteWrite ?? {};
  return { ...resolved, remoteWrite: write };
}

test('the package has one component, `prometheus`', () => {
  expect(componentProviders).toEqual([prometheusProvider]);
  expect(prometheusProvider).toMatchObject({ type: 'LogRecordExporter', name: 'prometheus' });
});

test('every property of a metric reaches its option', () => {
  expect(Object.keys(prometheusProperties['metrics']?.properties ?? {})).toEqual(Object.keys(METRIC));
  expect(optionsOf({ metrics: [METRIC], adjusted_count: false })).toEqual({
    adjustedCount: false,
    metrics: [
      {
        name: 'orders',
        type: 'histogram',
        help: 'Orders.',
        unit: 'euros',
        when: [{ minSeverity: 9, eventName: 'order' }],
        value: 'attributes.total',
        action: 'add',
        labels: [
          { from: 'eventName', as: 'event', default: 'none', values: ['order'] },
          { from: 'scope', optional: true },
        ],
        buckets: [1, 2],
        maxSeries: 3,
        overflow: 'drop',
        idleTimeoutMillis: 4,
        exemplars: false,
        init: [{ event: 'order' }],
      },
    ],
  });
});

test('every property of `pull`, `pushgateway` and `remote_write` reaches its option', () => {
  const pull = {
    host: '::1',
    port: 1,
    path: '/m',
    bearer_token: SECRET,
    basic_auth: { username: 'u', password: SECRET },
  };
  const pushgateway = {
    endpoint: ENDPOINT,
    job: 'backup',
    grouping: { instance: 'a' },
    interval: 1,
    timeout: 2,
    delete_on_shutdown: true,
  };
  const remoteWrite = {
    endpoint: ENDPOINT,
    labels: { instance: '' },
    interval: 3,
    max_samples_per_request: 4,
    max_request_bytes: 20_000,
    end_series_on_shutdown: true,
  };
  const shared = new Set([...Object.keys(requestHeaderProperties), ...Object.keys(deliveryProperties)]);
  const own = (name: string): string[] =>
    Object.keys(prometheusProperties[name]?.properties ?? {}).filter(
      (key) => key === 'timeout' || name === 'pull' || !shared.has(key),
    );
  expect(own('pull')).toEqual(Object.keys(pull));
  expect(own('pushgateway')).toEqual(Object.keys(pushgateway));
  expect(own('remote_write').filter((key) => key !== 'timeout')).toEqual(Object.keys(remoteWrite));
  expect(optionsOf({ pull, pushgateway, remote_write: { ...remoteWrite, timeout: 5, bearer_token: SECRET } })).toEqual({
    endpoint: { host: '::1', port: 1, path: '/m', bearerToken: SECRET, basicAuth: { username: 'u', password: SECRET } },
    pushgateway: {
      url: ENDPOINT,
      job: 'backup',
      grouping: { instance: 'a' },
      intervalMillis: 1,
      timeoutMillis: 2,
      deleteOnShutdown: true,
    },
    remoteWrite: {
      url: ENDPOINT,
      labels: { instance: '' },
      intervalMillis: 3,
      maxSamplesPerRequest: 4,
      maxRequestBytes: 20_000,
      endSeriesOnShutdown: true,
      attemptTimeoutMillis: 5,
      bearerToken: SECRET,
    },
  });
});

test('the defaults are those of the exporter', () => {
  const required = {
    pull: {},
    pushgateway: { endpoint: ENDPOINT, job: 'backup' },
    remote_write: { endpoint: ENDPOINT },
  };
  const withDefaults = Object.fromEntries(
    Object.entries(required).map(([name, values]) => [name, { ...defaultsUnder(name), ...values }]),
  );
  expect(resolve({ ...withDefaults, adjusted_count: true })).toEqual(resolve(required));
});

test('the defaults of a metric are those of the exporter', () => {
  const metric = { name: 'a', type: 'counter', help: 'A.' };
  const properties = prometheusProperties['metrics']?.properties ?? {};
  const { max_series, labels } = Object.fromEntries(
    Object.entries(properties).map(([name, { schema }]) => [name, schema['default']]),
  );
  expect(resolve({ metrics: [{ ...metric, max_series, labels }] })).toEqual(resolve({ metrics: [metric] }));
});

test('what it makes counts records, and shows them to whoever scrapes it', async () => {
  const exporter = prometheusProvider.createComponent({ pull: { port: 0 } }) as PrometheusLogRecordExporter;
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  onTestFinished(() => provider.shutdown());
  provider.getLogger('shop').emit({ severityNumber: 9, body: 'hello' });
  const { url } = await exporter.listening();
  const page = await (await fetch(url)).text();
  expect(page).toContain('log_records_total{scope="shop",severity="INFO"} 1');
});

test.each<[values: object, endpoint: object | undefined]>([
  [{}, {}],
  [{ pull: null, pushgateway: { endpoint: ENDPOINT, job: 'a' } }, {}],
  [{ pull: { port: 1 } }, { port: 1 }],
  [{ pushgateway: { endpoint: ENDPOINT, job: 'a' } }, undefined],
  [{ remote_write: { endpoint: ENDPOINT } }, undefined],
])('%# there is an endpoint where nothing else is asked for, and where `pull` is', (values, endpoint) => {
  expect(withOutlet(optionsOf(values)).endpoint).toEqual(endpoint);
});

test('metrics about remote write go where those of the exporter go', () => {
  const selfObsMeterProvider = { getMeter: createNoopMeter };
  const options = { ...optionsOf({ remote_write: { endpoint: ENDPOINT } }), selfObsMeterProvider };
  expect(withOutlet(options).remoteWrite?.selfObsMeterProvider).toBe(selfObsMeterProvider);
});

test.each<[values: object, part: string]>([
  [{ pull: { bearer_token: null } }, '`pull.bearer_token` to be a text of visible ASCII characters'],
  [{ pull: { basic_auth: null } }, '`pull.basic_auth.username` to be given'],
  [{ pull: { basic_auth: { username: 'u', password: null } } }, '`pull.basic_auth.password` to be given'],
  [
    { pull: { bearer_token: SECRET, basic_auth: { username: 'u', password: SECRET } } },
    'either `pull.bearer_token` or `pull.basic_auth`',
  ],
  [{ pull: { path: '/é' } }, '`pull.path` to be a path'],
  [{ pull: SECRET }, '`pull` to be an object'],
  [{ pushgateway: { endpoint: ENDPOINT } }, '`pushgateway.job` to be given'],
  [
    { pushgateway: { endpoint: `http://u:${SECRET}@gateway`, job: 'a' } },
    '`pushgateway.endpoint` to be a URL without user and password: they belong in `',
  ],
  [{ pushgateway: { endpoint: ENDPOINT, job: 'a', timeout: 0 } }, '`pushgateway.timeout`'],
  [{ remote_write: { endpoint: 'ftp://x' } }, '`remote_write.endpoint` to be an http or https URL'],
  [
    { remote_write: { endpoint: ENDPOINT, headers: [{ name: 'x-a', value: `${SECRET}\n` }] } },
    '`remote_write.headers.x-a`',
  ],
  [{ remote_write: { endpoint: ENDPOINT, timeout: -1 } }, '`timeout` to be a number from 1'],
  [{ remote_write: { endpoint: ENDPOINT, compression: 'gzip' } }, '`remote_write.compression` to be left out'],
  [
    { metrics: [{ ...METRIC, action: null, idle_timeout: 4 }] },
    '`metrics[0].idle_timeout` to be absent for a histogram',
  ],
  [
    {
      metrics: [{ name: 'a', type: 'counter', help: 'A.', labels: [{ from: 'scope', default: 'a', optional: true }] }],
    },
    '`metrics[0].labels[0].optional`',
  ],
  [
    { metrics: [{ name: 'a', type: 'counter', help: 'A.', when: [{ min_severity: 'error', max_severity: 'info' }] }] },
    '`metrics[0].when[0].max_severity`',
  ],
])('%# what is wrong is told in the names of the file, without a secret', (values, part) => {
  const message = errorOf(() => prometheusProvider.checkProperties?.({ ...values }))?.message;
  expect(message).toContain(part);
  expect(message).not.toContain(SECRET);
  expect(errorOf(() => prometheusProvider.createComponent({ ...values }))?.message).toBe(message);
});

function errorOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
