import type { MeterProvider } from '@opentelemetry/api';
import {
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkTimerMillis,
  type Drop,
  guardedRandom,
  optionMessage,
  Secret,
  type SecretInput,
} from '@spillway/core';
import { checkEndpointUrl } from '@spillway/delivery';

import type { Redact } from './events/apply-redaction.ts';
import { type EventContext, resolveEventContext } from './events/event-context.ts';
import type { LinkTemplate } from './events/links.ts';
import type { IncidentLimitOptions } from './incidents/incident-limits.ts';
import type { PagerDutyRule } from './rules/pagerduty-rule.ts';
import { checkKeyName } from './rules/key-name.ts';
import { resolveRules } from './rules/resolve-rules.ts';
import type { ResolvedRule } from './rules/resolved-rule.ts';
import { routingKeyHash, type RoutingKeyHashes } from './store/routing-key-hashes.ts';
import type { IncidentStore } from './store/incident-store.ts';

export interface PagerDutyLogRecordExporterOptions {
  /** Integration key of the service to page: 32 characters, or a function that fetches it for each request. */
  readonly routingKey: SecretInput;
  /**
   * A second integration key, for pages that do not get through the first within a minute, or are refused there. Such an
   * incident stays with it.
   * @defaultValue none
   */
  readonly fallbackRoutingKey?: SecretInput;
  /** Service region of the account. @defaultValue 'us' */
  readonly region?: 'us' | 'eu';
  /** Address in place of the region's, for proxies and tests, without `/v2/enqueue`. @defaultValue that of the region */
  readonly url?: string;
  /** Which records page, and which are changes. @defaultValue one rule, `fatal`, for records of FATAL */
  readonly rules?: readonly PagerDutyRule[];
  /**
   * Beginning of all keys of incidents, 1 to 64 letters, digits, `_`, `-` and `.`. Services that use one routing key differ in
   * it, or in their resource.
   * @defaultValue 'spillway'
   */
  readonly keyPrefix?: string;
  /**
   * Incidents open at once, 1 to 1000. What is beyond counts in one more incident, by its rule. A fifth of them is kept for
   * what is critical.
   * @defaultValue 50: more is one problem, not many
   */
  readonly maxOpenIncidents?: number;
  /**
   * Incidents that begin within `newIncidentWindowMillis`, 1 to 1000; likewise.
   * @defaultValue 10: each of them wakes somebody
   */
  readonly maxNewIncidents?: number;
  /** In milliseconds, 1000 and up. @defaultValue 600000 (10 minutes) */
  readonly newIncidentWindowMillis?: number;
  /**
   * Calls within any minute and routing key, of this process, 10 to 10000. PagerDuty takes about 120 for each key, of all
   * processes together.
   * @defaultValue 60: two processes can share a key
   */
  readonly maxCallsPerMinute?: number;
  /** Name of the monitoring tool, shown on the incident. @defaultValue 'Spillway' */
  readonly client?: string;
  /** Address of the monitoring tool. @defaultValue none */
  readonly clientUrl?: string;
  /** Links on the incident, such as to its traces and logs. @defaultValue none */
  readonly links?: readonly LinkTemplate[];
  /**
   * Takes out of an event what may not leave; it may change the event or return another. Where it fails, the event has no
   * text of a record.
   * @defaultValue events leave as they are
   */
  readonly redact?: Redact;
  /**
   * Where open incidents and pages that were not delivered outlive the process, such as `fileIncidentStore`.
   * @defaultValue they do not
   */
  readonly store?: IncidentStore;
  /** Total time for one request and its answer, in milliseconds, 1 to 2^31-1. @defaultValue 10000 */
  readonly attemptTimeoutMillis?: number;
  /** What sends the requests, for proxies and tests. @defaultValue the global `fetch`, as it is at each request */
  readonly fetch?: typeof fetch;
  /** Random numbers from 0 up to 1, for jitter. @defaultValue Math.random */
  readonly random?: () => number;
  /** Called for each group of records that is dropped. It may throw; that is logged. @defaultValue nothing is called */
  readonly onDrop?: (drop: Drop) => void;
  /** Called for each page and each change that will not be delivered, likewise. @defaultValue nothing is called */
  readonly onPageDrop?: (drop: Drop) => void;
  /** Where the exporter's own metrics go: records evaluated and dropped, events sent and dropped, open incidents. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}

/** Options with every default filled in. */
export interface ResolvedPagerDutyOptions {
  readonly url: string;
  readonly routingKey: Secret;
  readonly fallbackRoutingKey: Secret | undefined;
  readonly routingKeyHashes: RoutingKeyHashes;
  readonly rules: readonly ResolvedRule[];
  readonly keyPrefix: string;
  readonly limits: IncidentLimitOptions;
  readonly maxCallsPerMinute: number;
  readonly context: EventContext;
  readonly redact: Redact | undefined;
  readonly store: IncidentStore | undefined;
  readonly attemptTimeoutMillis: number;
  readonly fetch: typeof fetch | undefined;
  readonly random: () => number;
}

const FIELDS: readonly (keyof PagerDutyLogRecordExporterOptions)[] = [
  'routingKey',
  'fallbackRoutingKey',
  'region',
  'url',
  'rules',
  'keyPrefix',
  'maxOpenIncidents',
  'maxNewIncidents',
  'newIncidentWindowMillis',
  'maxCallsPerMinute',
  'client',
  'clientUrl',
  'links',
  'redact',
  'store',
  'attemptTimeoutMillis',
  'fetch',
  'random',
  'onDrop',
  'onPageDrop',
  'selfObsMeterProvider',
];

/** @see https://support.pagerduty.com/main/docs/service-regions (read 2026-11-21) */
const REGIONS = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const;
const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;
const ROUTING_KEY_RULE = 'the 32 letters and digits of an integration key';
export const MAX_INCIDENTS: number = 1000;
export const MIN_CALLS: number = 10;
export const MAX_CALLS: number = 10_000;

/** @throws TypeError or RangeError naming the option that is wrong; a secret is never part of the message. */
export function resolvePagerDutyOptions(options: PagerDutyLogRecordExporterOptions): ResolvedPagerDutyOptions {
  checkOptions(options);
  checkFields('', options, FIELDS);
  checkKeysDiffer(options);
  const { fallbackRoutingKey, store, selfObsMeterProvider, redact } = options;
  for (const name of ['redact', 'fetch', 'random', 'onDrop', 'onPageDrop'] as const) checkFunction(name, options[name]);
  if (store !== undefined) checkMethods('store', store, ['load', 'save']);
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  const calls = { min: MIN_CALLS, max: MAX_CALLS };
  return {
    url: resolveUrl(options),
    routingKey: checkRoutingKey('routingKey', options.routingKey),
    fallbackRoutingKey:
      fallbackRoutingKey === undefined ? undefined : checkRoutingKey('fallbackRoutingKey', fallbackRoutingKey),
    routingKeyHashes: hashesOf(options),
    rules: resolveRules('rules', options.rules),
    keyPrefix: checkKeyName('keyPrefix', options.keyPrefix ?? 'spillway'),
    limits: resolveLimits(options),
    maxCallsPerMinute: checkInteger('maxCallsPerMinute', options.maxCallsPerMinute ?? 60, calls),
    context: resolveEventContext({ client: 'Spillway', ...options }),
    redact,
    store,
    attemptTimeoutMillis: checkTimerMillis('attemptTimeoutMillis', options.attemptTimeoutMillis ?? 10_000, 1),
    fetch: options.fetch,
    random: guardedRandom(options.random),
  };
}

function resolveUrl({ region = 'us', url }: PagerDutyLogRecordExporterOptions): string {
  checkOneOf('region', region, ['us', 'eu']);
  return url === undefined ? REGIONS[region] : checkEndpointUrl('url', url).href.replace(/\/+$/, '');
}

function resolveLimits(options: PagerDutyLogRecordExporterOptions): IncidentLimitOptions {
  const { maxOpenIncidents = 50, maxNewIncidents = 10, newIncidentWindowMillis = 600_000 } = options;
  return {
    maxOpenIncidents: checkInteger('maxOpenIncidents', maxOpenIncidents, { min: 1, max: MAX_INCIDENTS }),
    maxNewIncidents: checkInteger('maxNewIncidents', maxNewIncidents, { min: 1, max: MAX_INCIDENTS }),
    newIncidentWindowMillis: checkNumber('newIncidentWindowMillis', newIncidentWindowMillis, { min: 1000 }),
  };
}

/** Each key has calls of its own: one that is given twice would be called twice as often. */
function checkKeysDiffer({ routingKey, fallbackRoutingKey }: PagerDutyLogRecordExporterOptions): void {
  if (fallbackRoutingKey === undefined || fallbackRoutingKey !== routingKey) return;
  const rule = 'another key than `routingKey`';
  throw new RangeError(optionMessage('fallbackRoutingKey', rule, fallbackRoutingKey, '[redacted]'));
}

function hashesOf({ routingKey, fallbackRoutingKey }: PagerDutyLogRecordExporterOptions): RoutingKeyHashes {
  const [primary, fallback] = [routingKeyHash(routingKey), routingKeyHash(fallbackRoutingKey)];
  return { ...(primary !== undefined && { primary }), ...(fallback !== undefined && { fallback }) };
}

function checkRoutingKey(field: string, key: SecretInput): Secret {
  if (typeof key === 'string' && !ROUTING_KEY.test(key)) {
    throw new RangeError(optionMessage(field, ROUTING_KEY_RULE, key, '[redacted]'));
  }
  return Secret.from(field, key);
}
