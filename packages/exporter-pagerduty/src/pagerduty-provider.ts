import {
  choice,
  type ComponentProvider,
  defineComponentProvider,
  group,
  integer,
  list,
  milliseconds,
  number,
  type Properties,
  required,
  text,
} from '@spillway/core/component-provider';

import { MAX_LINKS } from './events/event-limits.ts';
import {
  MAX_CALLS,
  MAX_INCIDENTS,
  MIN_CALLS,
  type PagerDutyLogRecordExporterOptions,
  resolvePagerDutyOptions,
} from './pagerduty-exporter-options.ts';
import { PagerDutyLogRecordExporter } from './pagerduty-log-record-exporter.ts';
import { rulesProperty } from './rules/rule-properties.ts';
import { fileIncidentStore, type FileIncidentStoreOptions } from './store/file-incident-store.ts';

const ROUTING_KEY = { pattern: '^[A-Za-z0-9]{32}$', isSecret: true };

const LINK: Properties = {
  href: required(
    text(
      'An http or https URL, in which `{traceId}`, `{spanId}`, `{service}`, `{rule}`, `{dedupKey}`, `{from}` and `{to}` stand for values of the incident.',
    ),
  ),
  text: text('What is shown. The address where it is left out.'),
};

const STORE: Properties = {
  path: required(
    text('The file, of this process alone; directories that are missing are made. Put it where a restart finds it.'),
  ),
  durability: choice(
    'What a save outlives: `process` the end of the process, `os` a power failure too, for which a page waits.',
    ['process', 'os'],
    { default: 'process' },
  ),
};

const links = list('Links on the incident, such as to its traces and logs.', group('A link.', LINK), { default: [] });

export const pagerDutyProperties: Properties = {
  routing_key: required(text('Integration key of the service to page: 32 characters.', ROUTING_KEY)),
  fallback_routing_key: text(
    'A second integration key, for pages that do not get through the first within a minute, or are refused there.',
    ROUTING_KEY,
  ),
  region: choice('Service region of the account.', ['us', 'eu'], { default: 'us' }),
  endpoint: text("Address in place of the region's, for proxies and tests, without `/v2/enqueue`.", { option: 'url' }),
  timeout: milliseconds('Total time for one request and its answer, in milliseconds.', {
    min: 1,
    default: 10_000,
    option: 'attemptTimeoutMillis',
  }),
  rules: rulesProperty,
  key_prefix: text(
    'Beginning of all keys of incidents. Services that use one routing key differ in it, or in their resource.',
    { pattern: '^[A-Za-z0-9_.-]{1,64}$', default: 'spillway' },
  ),
  max_open_incidents: integer('Incidents open at once. What is beyond counts in one more incident, by its rule.', {
    min: 1,
    max: MAX_INCIDENTS,
    default: 50,
  }),
  max_new_incidents: integer('Incidents that begin within `new_incident_window`; each of them wakes somebody.', {
    min: 1,
    max: MAX_INCIDENTS,
    default: 10,
  }),
  new_incident_window: number('Time within which `max_new_incidents` counts, in milliseconds. 10 minutes by default.', {
    min: 1000,
    default: 600_000,
    option: 'newIncidentWindowMillis',
  }),
  max_calls_per_minute: integer(
    'Calls within any minute and routing key, of this process. PagerDuty takes about 120 for each key, of all processes together.',
    { min: MIN_CALLS, max: MAX_CALLS, default: 60 },
  ),
  client: text('Name of the monitoring tool, shown on the incident.', { default: 'Spillway' }),
  client_url: text('Address of the monitoring tool.'),
  links: { ...links, schema: { ...links.schema, maxItems: MAX_LINKS } },
  store: group(
    'A file in which open incidents and pages that were not delivered outlive the process. They do not where it is left out.',
    STORE,
    // It opens the file when the exporter reads it.
    { make: (options) => fileIncidentStore(options as unknown as FileIncidentStoreOptions) },
  ),
};

export const pagerDutyProvider: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'pagerduty',
  description: 'Opens, updates and resolves incidents of PagerDuty from records.',
  properties: pagerDutyProperties,
  create: (options: PagerDutyLogRecordExporterOptions) => new PagerDutyLogRecordExporter(options),
  check: (options) => void resolvePagerDutyOptions(options),
});
