import {
  checkBoolean,
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkTimerMillis,
  type Drop,
} from '@spillway/core';
import {
  type CheckedHeaders,
  checkRequestHeaders,
  Delivery,
  type DeliveryOptions,
  type RequestHeaderOptions,
} from '@spillway/delivery';

import { checkObject } from '../check-object.ts';
import type { Label } from '../store/family-snapshot.ts';
import { PROTOCOL_HEADERS } from '../remote-write-backend.ts';
import { remoteWriteUrl } from './remote-write-url.ts';
import { resolveSeriesLabels } from './series-labels.ts';
import type { RequestLimits } from './write-requests.ts';

/** What is fixed for remote write: its order, and its compression. */
type FixedDeliveryOption = 'maxConcurrentRequests' | 'compression';

export interface RemoteWriteOptions extends Omit<DeliveryOptions, FixedDeliveryOption>, RequestHeaderOptions {
  /**
   * Address of the receiver, such as `http://prometheus:9090/api/v1/write`, or `http://mimir/api/v1/push`. Without a path it
   * is that of Prometheus.
   */
  readonly url: string;
  /**
   * Labels of every series, by name; no metric may have one of the same name. Processes that write the same metrics must
   * differ in one of them, or the receiver refuses what all but one of them send. An empty text leaves `instance` out.
   * @defaultValue `instance`, of host name and process id, which is added to others unless it is given
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Time between two pushes of all series, in milliseconds, 1 to 2^31-1. Below 5 minutes: Prometheus takes a series for ended
   * that has had no sample for so long.
   * @defaultValue 15000: as often as a usual Prometheus scrapes
   */
  readonly intervalMillis?: number;
  /**
   * Samples in one request, 1 to 100000. A histogram takes one for each bucket and two more. Lower it where a receiver
   * limits them.
   * @defaultValue 2000: what Prometheus itself sends at most by default, so that receivers are used to it
   */
  readonly maxSamplesPerRequest?: number;
  /**
   * Size of one request before compression, in bytes, 16384 to 16777216. Lower it where a receiver or a proxy before it
   * answers 413.
   * @defaultValue 1048576 (1 MiB): what nginx lets through by default, compressed or not
   */
  readonly maxRequestBytes?: number;
  /**
   * Whether a shutdown ends all series with stale markers, so that they vanish from queries at once. A service wants that
   * whose next process has other labels; of a batch job it would hide the result.
   * @defaultValue false: the last values can be queried for 5 minutes more, as after a last scrape
   */
  readonly endSeriesOnShutdown?: boolean;
  /**
   * A delivery to share with other exporters, with its outbox and its pauses. The delivery options here have no effect then.
   * @defaultValue one of its own
   */
  readonly delivery?: Delivery;
  /** Called for each group of samples that is dropped. It may throw; that is logged. @defaultValue nothing is called */
  readonly onDrop?: (drop: Drop) => void;
}

/** Options with every default filled in. */
export interface ResolvedRemoteWriteOptions {
  readonly url: string;
  readonly labels: readonly Label[];
  readonly limits: RequestLimits;
  readonly intervalMillis: number;
  readonly endSeriesOnShutdown: boolean;
  readonly headers: CheckedHeaders;
  readonly delivery: Delivery;
  readonly onDrop: ((drop: Drop) => void) | undefined;
  /** Wall clock in milliseconds since the epoch. */
  readonly epochNow: () => number;
}

const FIELDS: readonly (keyof RemoteWriteOptions)[] = [
  'url',
  'labels',
  'intervalMillis',
  'maxSamplesPerRequest',
  'maxRequestBytes',
  'endSeriesOnShutdown',
  'headers',
  'basicAuth',
  'bearerToken',
  'delivery',
  'onDrop',
  'outbox',
  'worker',
  'attemptTimeoutMillis',
  'maxBytesPerSecond',
  'backoff',
  'maxAttempts',
  'maxAgeMillis',
  'fetch',
  'random',
  'now',
  'epochNow',
  'selfObsMeterProvider',
];
export const DEFAULT_INTERVAL_MILLIS: number = 15_000;
export const DEFAULT_MAX_SAMPLES: number = 2000;
export const MAX_SAMPLES: number = 100_000;
export const DEFAULT_MAX_BYTES: number = 1024 * 1024;
export const MIN_BYTES: number = 16 * 1024;
export const MAX_BYTES: number = 16 * 1024 * 1024;

/**
 * @param field how the options are named in messages, such as `remoteWrite`
 * @param metricLabels names of labels that metrics have
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function resolveRemoteWriteOptions(
  field: string,
  options: RemoteWriteOptions,
  metricLabels: ReadonlySet<string>,
): ResolvedRemoteWriteOptions {
  checkObject(field, options);
  checkFields(`${field}.`, options, FIELDS);
  const { delivery, onDrop } = options;
  if (delivery !== undefined) checkMethods(`${field}.delivery`, delivery, ['attach']);
  checkFunction(`${field}.onDrop`, onDrop);
  return {
    url: remoteWriteUrl(`${field}.url`, options.url),
    labels: resolveSeriesLabels(`${field}.labels`, options.labels, metricLabels),
    limits: resolveLimits(field, options),
    intervalMillis: checkTimerMillis(`${field}.intervalMillis`, options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS, 1),
    endSeriesOnShutdown: checkBoolean(`${field}.endSeriesOnShutdown`, options.endSeriesOnShutdown ?? false),
    headers: checkRequestHeaders(field, options, Object.keys(PROTOCOL_HEADERS)),
    // One sender: the samples of a series must arrive in order.
    delivery: delivery ?? new Delivery({ ...options, maxConcurrentRequests: 1 }),
    onDrop,
    epochNow: options.epochNow ?? ((): number => Date.now()),
  };
}

function resolveLimits(field: string, options: RemoteWriteOptions): RequestLimits {
  const { maxSamplesPerRequest = DEFAULT_MAX_SAMPLES, maxRequestBytes = DEFAULT_MAX_BYTES } = options;
  return {
    maxSamples: checkInteger(`${field}.maxSamplesPerRequest`, maxSamplesPerRequest, { min: 1, max: MAX_SAMPLES }),
    maxBytes: checkInteger(`${field}.maxRequestBytes`, maxRequestBytes, { min: MIN_BYTES, max: MAX_BYTES }),
  };
}
