import {
  type ComponentProvider,
  defineComponentProvider,
  flag,
  type Properties,
} from '@spillway/core/component-provider';

import { type PrometheusLogRecordExporterOptions, resolvePrometheusOptions } from './prometheus-exporter-options.ts';
import { PrometheusLogRecordExporter } from './prometheus-log-record-exporter.ts';
import { pullProperty } from './pull/pull-property.ts';
import { pushgatewayProperty } from './push/pushgateway-property.ts';
import { remoteWriteProperty } from './remote-write/remote-write-property.ts';
import { metricsProperty } from './rules/metric-properties.ts';

export const prometheusProperties: Properties = {
  metrics: metricsProperty,
  adjusted_count: flag(
    'Whether a record that sampling or deduplication kept for others counts for them as well. Turn it off where clients can set attributes at will.',
    { default: true },
  ),
  pull: pullProperty,
  pushgateway: pushgatewayProperty,
  remote_write: remoteWriteProperty,
};

export const prometheusProvider: ComponentProvider<'LogRecordExporter'> = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'prometheus',
  description: 'Counts records in metrics, and hands those to Prometheus.',
  properties: prometheusProperties,
  create: (options: PrometheusLogRecordExporterOptions) => new PrometheusLogRecordExporter(withOutlet(options)),
  // The delivery of remote write starts nothing before it is used.
  check: (options) => void resolvePrometheusOptions(withOutlet(options)),
});

/** Nobody can read metrics of a file otherwise: handlers and registries are for code. */
export function withOutlet(options: PrometheusLogRecordExporterOptions): PrometheusLogRecordExporterOptions {
  const { endpoint, pushgateway, remoteWrite, selfObsMeterProvider } = options;
  if (endpoint === undefined && pushgateway === undefined && remoteWrite === undefined) {
    return { ...options, endpoint: {} };
  }
  if (remoteWrite === undefined || selfObsMeterProvider === undefined) return options;
  return { ...options, remoteWrite: { ...remoteWrite, selfObsMeterProvider } };
}
