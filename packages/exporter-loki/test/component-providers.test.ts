import { toOptions } from '@spillway/core/component-provider';
import { deliveryProperties, requestHeaderProperties } from '@spillway/delivery/component-properties';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { componentProviders, lokiProvider } from '@spillway/exporter-loki/component-providers';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

import { resolveLokiOptions } from '../src/loki-exporter-options.ts';
import { lokiProperties } from '../src/loki-provider.ts';
import { hrTimeOf, makeRecord } from './encode-options.ts';

const SECRET = 'hunter2';
const ENDPOINT = 'http://loki.test:3100';

afterEach(() => vi.unstubAllGlobals());

test('the package has one component, `loki`', () => {
  expect(componentProviders).toEqual([lokiProvider]);
  expect(lokiProvider).toMatchObject({ type: 'LogRecordExporter', name: 'loki' });
});

test('every property reaches its option', () => {
  const values = {
    endpoint: ENDPOINT,
    tenant_id: 'shop',
    labels: ['team'],
    max_streams: 5,
    max_request_bytes: 70_000,
    schema_version: true,
  };
  const shared = [...Object.keys(requestHeaderProperties), ...Object.keys(deliveryProperties)];
  expect(Object.keys(lokiProperties).toSorted()).toEqual([...Object.keys(values), ...shared].toSorted());
  expect(toOptions(lokiProperties, values)).toEqual({
    url: ENDPOINT,
    tenantId: 'shop',
    labels: ['team'],
    maxStreams: 5,
    maxRequestBytes: 70_000,
    schemaVersion: true,
  });
});

test('the defaults are those of the exporter', () => {
  const defaults = Object.entries(lokiProperties).flatMap(([name, { schema }]) =>
    schema['default'] === undefined || Object.hasOwn(deliveryProperties, name) ? [] : [[name, schema['default']]],
  );
  expect(Object.fromEntries(defaults)).toHaveProperty('max_streams');
  expect(
    resolveLokiOptions(toOptions(lokiProperties, { endpoint: ENDPOINT, ...Object.fromEntries(defaults) })),
  ).toEqual(resolveLokiOptions({ url: ENDPOINT }));
});

test('what it makes pushes to its endpoint, with its headers', async () => {
  const fetched = vi.fn<typeof fetch>(async () => new Response(null, { status: 204 }));
  vi.stubGlobal('fetch', fetched);
  const exporter = lokiProvider.createComponent({
    endpoint: ENDPOINT,
    tenant_id: 'shop',
    headers: [{ name: 'x-team', value: 'a' }],
    headers_list: 'x-region=eu',
    bearer_token: SECRET,
    compression: 'none',
  });
  onTestFinished(() => exporter.shutdown());
  expect(exporter).toBeInstanceOf(LokiLogRecordExporter);
  exporter.export([makeRecord({ body: 'hello', hrTime: hrTimeOf(Date.now()) })], () => {});
  await exporter.forceFlush();
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe(`${ENDPOINT}/loki/api/v1/push`);
  expect(Object.fromEntries(new Headers(init?.headers))).toMatchObject({
    'x-team': 'a',
    'x-region': 'eu',
    'x-scope-orgid': 'shop',
    authorization: `Bearer ${SECRET}`,
  });
});

test('nothing is made for a check', () => {
  const fetched = vi.fn<typeof fetch>();
  vi.stubGlobal('fetch', fetched);
  lokiProvider.checkProperties?.({
    endpoint: ENDPOINT,
    worker: true,
    outbox: { file: { directory: '/nowhere/at-all' } },
  });
  expect(fetched).not.toHaveBeenCalled();
});

test.each<[values: object, part: string]>([
  [{}, '`endpoint` to be given'],
  [
    { endpoint: `http://me:${SECRET}@loki` },
    '`endpoint` to be a URL without user and password: they belong in `basic_auth`',
  ],
  [
    { endpoint: ENDPOINT, bearer_token: SECRET, basic_auth: { username: 'a', password: SECRET } },
    'either `basic_auth` or `bearer_token`',
  ],
  [{ endpoint: ENDPOINT, bearer_token: `${SECRET}\n` }, '`bearer_token`'],
  [{ endpoint: ENDPOINT, headers: [{ name: 'x-a', value: `${SECRET}\n` }] }, '`headers.x-a`'],
  [{ endpoint: ENDPOINT, headers: [{ name: 'Content-Type', value: SECRET }] }, '`headers` not to have `Content-Type`'],
  [{ endpoint: ENDPOINT, basic_auth: { username: 'a:b', password: SECRET } }, '`basic_auth.username`'],
  [{ endpoint: ENDPOINT, tenant_id: 'a|b' }, '`tenant_id`'],
  [{ endpoint: ENDPOINT, labels: ['a.b', 'a_b'] }, '`labels`'],
  [{ endpoint: ENDPOINT, max_request_bytes: 1 }, '`max_request_bytes` to be an integer from 65536'],
  [{ endpoint: ENDPOINT, timeout: -1 }, '`timeout` to be a number from 1'],
  [{ endpoint: ENDPOINT, max_concurrent_requests: 0 }, '`max_concurrent_requests`'],
  [{ endpoint: ENDPOINT, token: SECRET }, '`token` to be left out'],
])('%# what is wrong is told in the names of the file, without a secret', (values, part) => {
  const messages = [
    errorOf(() => lokiProvider.checkProperties?.({ ...values })),
    errorOf(() => lokiProvider.createComponent({ ...values })),
  ].map((error) => error?.message);
  expect(messages[0]).toContain(part);
  expect(messages[0]).not.toContain(SECRET);
  expect(messages[1]).toBe(messages[0]);
});

function errorOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
