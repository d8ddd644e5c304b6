import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toOptions } from '@spillway/core/component-provider';
import { FileIncidentStore, PagerDutyLogRecordExporter } from '@spillway/exporter-pagerduty';
import { componentProviders, pagerDutyProvider } from '@spillway/exporter-pagerduty/component-providers';
import { expect, onTestFinished, test, vi } from 'vitest';

import { type PagerDutyLogRecordExporterOptions, resolvePagerDutyOptions } from '../src/pagerduty-exporter-options.ts';
import { pagerDutyProperties } from '../src/pagerduty-provider.ts';
import { logRecord } from './log-record.ts';

const ROUTING_KEY = 'hunter2hunter2hunter2hunter2hunt';
const OTHER_KEY = ROUTING_KEY.toUpperCase();
const WHEN = [{ min_severity: 'error' }];

const optionsOf = (values: object): PagerDutyLogRecordExporterOptions =>
  toOptions(pagerDutyProperties, { routing_key: ROUTING_KEY, ...values }) as never;

/** Without the function, which is never equal to another one. */
function resolve(values: object): object {
  const { random: _random, ...resolved } = resolvePagerDutyOptions(optionsOf(values));
  return resolved;
}

/** A file that is not there yet. */
function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'incidents-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'new', 'incidents.json');
}

test('the package has one component, `pagerduty`', () => {
  expect(componentProviders).toEqual([pagerDutyProvider]);
  expect(pagerDutyProvider).toMatchObject({ type: 'LogRecordExporter', name: 'pagerduty' });
});

test('every property reaches its option', () => {
  const values = {
    routing_key: ROUTING_KEY,
    fallback_routing_key: OTHER_KEY,
    region: 'eu',
    endpoint: 'http://127.0.0.1:9',
    timeout: 1,
    rules: [{ name: 'deploy', type: 'change', when: WHEN }],
    key_prefix: 'shop',
    max_open_incidents: 2,
    max_new_incidents: 3,
    new_incident_window: 4000,
    max_calls_per_minute: 50,
    client: 'Shop',
    client_url: 'https://shop.test',
    links: [{ href: 'https://traces.test/{traceId}', text: 'Trace' }],
    store: { path: newFile(), durability: 'os' },
  };
  expect(Object.keys(values)).toEqual(Object.keys(pagerDutyProperties));
  const { store, ...options } = optionsOf(values);
  expect(store).toBeInstanceOf(FileIncidentStore);
  expect(options).toEqual({
    routingKey: ROUTING_KEY,
    fallbackRoutingKey: OTHER_KEY,
    region: 'eu',
    url: 'http://127.0.0.1:9',
    attemptTimeoutMillis: 1,
    rules: [{ name: 'deploy', type: 'change', when: [{ minSeverity: 17 }] }],
    keyPrefix: 'shop',
    maxOpenIncidents: 2,
    maxNewIncidents: 3,
    newIncidentWindowMillis: 4000,
    maxCallsPerMinute: 50,
    client: 'Shop',
    clientUrl: 'https://shop.test',
    links: [{ href: 'https://traces.test/{traceId}', text: 'Trace' }],
  });
});

test('every property of a rule reaches its option', () => {
  const rule = {
    name: 'payments',
    type: 'alert',
    when: WHEN,
    severity: { error: 'warning', fatal: 'critical' },
    key: ['event_name', 'resource.service.name'],
    fingerprint: 'attributes.code',
    threshold: 2,
    threshold_window: 3,
    group_wait: 4,
    update_interval: 5000,
    repeat_interval: 60_000,
    resolve_after: 7000,
    resolve_when: [{ event_name: 'recovered' }],
    min_open: 8,
    component: 'event_name',
    group: 'scope',
    class: 'attributes.kind',
  };
  expect(Object.keys(rule)).toEqual(Object.keys(pagerDutyProperties['rules']?.properties ?? {}));
  expect(optionsOf({ rules: [rule, { ...rule, severity: 'info' }] }).rules).toMatchObject([
    {
      name: 'payments',
      type: 'alert',
      when: [{ minSeverity: 17 }],
      severity: { ERROR: 'warning', FATAL: 'critical' },
      key: ['eventName', 'resource.service.name'],
      fingerprint: 'attributes.code',
      threshold: 2,
      thresholdWindowMillis: 3,
      groupWaitMillis: 4,
      updateIntervalMillis: 5000,
      repeatIntervalMillis: 60_000,
      resolveAfterMillis: 7000,
      resolveWhen: [{ eventName: 'recovered' }],
      minOpenMillis: 8,
      component: 'eventName',
      group: 'scope',
      class: 'attributes.kind',
    },
    { severity: 'info' },
  ]);
});

test('the defaults are those of the exporter', () => {
  const defaults = Object.entries(pagerDutyProperties).flatMap(([name, { schema }]) =>
    schema['default'] === undefined ? [] : [[name, schema['default']]],
  );
  expect(resolve(Object.fromEntries(defaults) as object)).toEqual(resolve({}));
});

test('the defaults of a rule are those of the exporter', () => {
  const rule = { name: 'payments', when: WHEN };
  const defaults = Object.entries(pagerDutyProperties['rules']?.properties ?? {}).flatMap(([name, { schema }]) =>
    schema['default'] === undefined ? [] : [[name, schema['default']]],
  );
  const withDefaults = { ...rule, ...(Object.fromEntries(defaults) as object) };
  expect(resolve({ rules: [withDefaults] })).toEqual(resolve({ rules: [rule] }));
});

test('what it makes pages at its endpoint, and keeps that in its store', async () => {
  const fetched = vi.fn<typeof fetch>(async () => new Response('{"status":"success"}', { status: 202 }));
  vi.stubGlobal('fetch', fetched);
  onTestFinished(() => void vi.unstubAllGlobals());
  const path = newFile();
  const exporter = pagerDutyProvider.createComponent({
    routing_key: ROUTING_KEY,
    endpoint: 'http://pager.test',
    rules: [{ name: 'payments', when: WHEN, severity: { error: 'warning' } }],
    store: { path },
  });
  expect(exporter).toBeInstanceOf(PagerDutyLogRecordExporter);
  exporter.export([logRecord({ severityNumber: 17, body: 'refused' })], () => {});
  await exporter.forceFlush();
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe('http://pager.test/v2/enqueue');
  expect(JSON.parse(init?.body as string)).toMatchObject({
    routing_key: ROUTING_KEY,
    payload: { severity: 'warning' },
    client: 'Spillway',
  });
  await exporter.shutdown();
  expect(readFileSync(path, 'utf8')).toContain('payments');
});

test('a check touches no store', () => {
  const path = newFile();
  pagerDutyProvider.checkProperties?.({ routing_key: ROUTING_KEY, store: { path } });
  expect(existsSync(join(path, '..'))).toBe(false);
});

test.each<[values: object, part: string]>([
  [{ routing_key: null }, '`routing_key` to be given'],
  [{ routing_key: `${ROUTING_KEY}!` }, '`routing_key` to be the 32 letters and digits'],
  [{ fallback_routing_key: ROUTING_KEY }, '`fallback_routing_key` to be another key than `routing_key`'],
  [{ endpoint: `http://u:${ROUTING_KEY}@proxy` }, '`endpoint` to be a URL without user and password'],
  [{ timeout: 0 }, '`timeout` to be a number from 1'],
  [{ new_incident_window: 1 }, '`new_incident_window`'],
  [{ rules: [{ name: 'a' }] }, '`rules[0].when` to be given'],
  [
    { rules: [{ name: 'a', type: 'change', when: WHEN, group_wait: 1 }] },
    '`rules[0].group_wait` to be left out of a change',
  ],
  [
    { rules: [{ name: 'a', when: [{ min_severity: 'fatal', max_severity: 'info' }] }] },
    '`rules[0].when[0].max_severity`',
  ],
  [{ rules: [{ name: 'a', when: WHEN, resolve_after: 1 }] }, '`rules[0].resolve_after`'],
  [{ rules: [{ name: 'a', when: WHEN, severity: { error: 'bad' } }] }, '`rules[0].severity.error`'],
  [{ links: [{ href: 'https://x.test/{trace}' }] }, '`links[0].href`'],
  [{ store: {} }, '`store.path` to be given'],
  [{ store: { path: 'a\0' } }, '`store.path` to be a path without NUL'],
])('%# what is wrong is told in the names of the file, without a secret', (values, part) => {
  const given = { routing_key: ROUTING_KEY, ...values };
  const message = errorOf(() => pagerDutyProvider.checkProperties?.(given))?.message;
  expect(message).toContain(part);
  expect(message).not.toContain(ROUTING_KEY);
  expect(errorOf(() => pagerDutyProvider.createComponent(given))?.message).toBe(message);
});

function errorOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
