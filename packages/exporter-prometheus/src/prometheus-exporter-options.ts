import type { MeterProvider } from '@opentelemetry/api';
import { checkFields, checkFunction, checkMethods, checkOptions, type Drop } from '@spillway/core';

import { type EndpointOptions, type ResolvedEndpointOptions, resolveEndpointOptions } from './pull/endpoint-options.ts';
import { resolveHandlerAuth } from './pull/resolve-scrape-auth.ts';
import type { ScrapeAuth, ScrapeAuthOptions } from './pull/scrape-auth.ts';
import {
  type PushgatewayOptions,
  type ResolvedPushgatewayOptions,
  resolvePushgatewayOptions,
} from './push/pushgateway-options.ts';
import {
  type RemoteWriteOptions,
  type ResolvedRemoteWriteOptions,
  resolveRemoteWriteOptions,
} from './remote-write/remote-write-options.ts';
import type { MetricRulesOptions } from './rules/metric-rules-options.ts';
import { type ResolvedMetricRules, resolveMetricRules } from './rules/resolve-metric-rules.ts';

export interface PrometheusLogRecordExporterOptions extends MetricRulesOptions {
  /**
   * A server of the exporter's own for Prometheus to scrape; `{}` is one at http://127.0.0.1:9464/metrics.
   * @defaultValue none: a library that opens a port unasked is a surprise, and an application that has metrics of its own
   * shows these beside them, by a handler or in its registry
   */
  readonly endpoint?: EndpointOptions;
  /**
   * Who may read by `handleRequest` and `handleFetch`: whoever has the token, or user and password. One of them is needed.
   * @defaultValue everybody: the application that calls them decides who gets there
   */
  readonly handlerAuth?: ScrapeAuthOptions;
  /**
   * A Pushgateway that gets the latest state by an interval and at shutdown: for jobs that end before Prometheus comes by.
   * A service is better scraped.
   * @defaultValue none
   */
  readonly pushgateway?: PushgatewayOptions;
  /**
   * A receiver of remote write 1.0, such as Prometheus with `--web.enable-remote-write-receiver`, Mimir, Thanos or VictoriaMetrics:
   * for processes that nobody can scrape. What an outage holds up arrives late, with the times it was measured at.
   * @defaultValue none
   */
  readonly remoteWrite?: RemoteWriteOptions;
  /** Where the exporter's own metrics go: records evaluated and dropped. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
  /**
   * Called for each group of records that is dropped, but not for what comes of records of its own. It may throw; that is
   * logged.
   * @defaultValue nothing is called
   */
  readonly onDrop?: (drop: Drop) => void;
}

/** Options with every default filled in. */
export interface ResolvedPrometheusOptions {
  readonly rules: ResolvedMetricRules;
  readonly endpoint: ResolvedEndpointOptions | undefined;
  readonly handlerAuth: ScrapeAuth | undefined;
  readonly pushgateway: ResolvedPushgatewayOptions | undefined;
  readonly remoteWrite: ResolvedRemoteWriteOptions | undefined;
}

const OPTIONS: readonly (keyof PrometheusLogRecordExporterOptions)[] = [
  'metrics',
  'adjustedCount',
  'endpoint',
  'handlerAuth',
  'pushgateway',
  'remoteWrite',
  'selfObsMeterProvider',
  'onDrop',
];

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolvePrometheusOptions(options: PrometheusLogRecordExporterOptions): ResolvedPrometheusOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { endpoint, handlerAuth, pushgateway, remoteWrite, selfObsMeterProvider, onDrop } = options;
  checkFunction('onDrop', onDrop);
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  const rules = resolveMetricRules(options);
  const labels = new Set(rules.metrics.flatMap((rule) => rule.labels.map(({ name }) => name)));
  return {
    rules,
    endpoint: endpoint === undefined ? undefined : resolveEndpointOptions('endpoint', endpoint),
    handlerAuth: handlerAuth === undefined ? undefined : resolveHandlerAuth('handlerAuth', handlerAuth),
    pushgateway: pushgateway === undefined ? undefined : resolvePushgatewayOptions('pushgateway', pushgateway, labels),
    remoteWrite: remoteWrite === undefined ? undefined : resolveRemoteWriteOptions('remoteWrite', remoteWrite, labels),
  };
}
