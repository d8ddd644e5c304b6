import { checkBoolean, checkFields, checkFunction, checkTimerMillis, type SecretInput } from '@spillway/core';
import { type BasicAuth, type CheckedHeaders, checkRequestHeaders } from '@spillway/delivery';

import { checkObject } from '../check-object.ts';
import { groupUrl } from './group-url.ts';

export interface PushgatewayOptions {
  /**
   * The Pushgateway's address, also with a path before its own: `http://pushgateway:9091`. Without user, password and
   * query.
   */
  readonly url: string;
  /** What pushes, such as the name of the service: the first label of the group. Any text that is not empty. */
  readonly job: string;
  /**
   * Further labels of the group; values may be any text. A push replaces all of its group, so processes that run at the
   * same time must differ here, such as in `instance`, or each wipes out what the others have pushed. No metric may have a
   * label of the same name.
   * @defaultValue none: right for a batch job, of which the latest run counts
   */
  readonly grouping?: Readonly<Record<string, string>>;
  /**
   * Time between two pushes, in milliseconds, 1 to 2^31-1. Shorter than Prometheus scrapes the Pushgateway gains nothing.
   * @defaultValue 15000: one push for each scrape of a usual Prometheus
   */
  readonly intervalMillis?: number;
  /**
   * Total time for one request and its answer, in milliseconds, 1 to 2^31-1.
   * @defaultValue 5000: a Pushgateway answers within milliseconds, and what is slower is better pushed anew
   */
  readonly timeoutMillis?: number;
  /**
   * Whether a shutdown deletes the group, instead of pushing the last values. A service that goes away wants that, since
   * a Pushgateway never forgets; for a batch job it would delete the result.
   * @defaultValue false
   */
  readonly deleteOnShutdown?: boolean;
  /** Headers of every request. A value may be a function that fetches it; none is ever logged. @defaultValue none */
  readonly headers?: Readonly<Record<string, SecretInput>>;
  /** User and password for basic authentication. Not together with `bearerToken`. @defaultValue none */
  readonly basicAuth?: BasicAuth;
  /** Token for bearer authentication, or a function that fetches it. @defaultValue none */
  readonly bearerToken?: SecretInput;
  /** What sends the requests, for proxies and tests. @defaultValue the global `fetch`, as it is at each request */
  readonly fetch?: typeof fetch;
}

/** Options with every default filled in. */
export interface ResolvedPushgatewayOptions {
  /** Address of the group. */
  readonly url: string;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  readonly deleteOnShutdown: boolean;
  readonly headers: CheckedHeaders;
  readonly fetch: typeof fetch | undefined;
}

const FIELDS: readonly (keyof PushgatewayOptions)[] = [
  'url',
  'job',
  'grouping',
  'intervalMillis',
  'timeoutMillis',
  'deleteOnShutdown',
  'headers',
  'basicAuth',
  'bearerToken',
  'fetch',
];
export const DEFAULT_INTERVAL_MILLIS: number = 15_000;
export const DEFAULT_TIMEOUT_MILLIS: number = 5000;

/**
 * @param field how the options are named in messages, such as `pushgateway`
 * @param metricLabels names of labels that metrics have
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function resolvePushgatewayOptions(
  field: string,
  options: PushgatewayOptions,
  metricLabels: ReadonlySet<string>,
): ResolvedPushgatewayOptions {
  checkObject(field, options);
  checkFields(`${field}.`, options, FIELDS);
  checkFunction(`${field}.fetch`, options.fetch);
  return {
    url: groupUrl(field, options, metricLabels),
    intervalMillis: checkTimerMillis(`${field}.intervalMillis`, options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS, 1),
    timeoutMillis: checkTimerMillis(`${field}.timeoutMillis`, options.timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS, 1),
    deleteOnShutdown: checkBoolean(`${field}.deleteOnShutdown`, options.deleteOnShutdown ?? false),
    headers: checkRequestHeaders(field, options),
    fetch: options.fetch,
  };
}
