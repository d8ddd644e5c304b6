export type { BasicAuth } from '@spillway/delivery';

export type { ClientRegistry } from './merge/client-registry.ts';
export type { LogMetricProducer } from './merge/metric-data.ts';
export type { PrometheusLogRecordExporterOptions } from './prometheus-exporter-options.ts';
export { type PrometheusExporterStats, PrometheusLogRecordExporter } from './prometheus-log-record-exporter.ts';
export type { EndpointOptions } from './pull/endpoint-options.ts';
export type { EndpointAddress } from './pull/endpoint-server.ts';
export type { ScrapeAuthOptions } from './pull/scrape-auth.ts';
export type { PushStats } from './push/push-log.ts';
export type { PushgatewayOptions } from './push/pushgateway-options.ts';
export type { RemoteWriteOptions } from './remote-write/remote-write-options.ts';
export type { Exposition } from './pull/scrape-responder.ts';
export type {
  LabelOrigin,
  MetricCondition,
  MetricLabel,
  MetricRule,
  MetricType,
  ValueOrigin,
  ValueReader,
} from './rules/metric-rule.ts';
export type { BucketSnapshot, Exemplar, FamilySnapshot, Label, SeriesSnapshot } from './store/family-snapshot.ts';
export type { MetricStats } from './store/metric-tally.ts';
