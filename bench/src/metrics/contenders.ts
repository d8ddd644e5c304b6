import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import * as prometheusClient from '@prometheus-io/client';
import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';
import * as promClient from 'prom-client';

import { type ClientLibrary, clientMeters, clientMetersWithExemplars } from './client-meters.ts';
import { countByHand, type LogMeters } from './log-meters.ts';
import { otelMeters } from './otel-meters.ts';
import { type MetricsWorkload, rulesOf } from './workload.ts';

/** Something that counts records for Prometheus. */
export interface MetricsContender {
  readonly name: string;
  readonly exporter: LogRecordExporter;
  /** All metrics as text. */
  readonly text: () => Promise<string>;
}

const SUCCESSOR = prometheusClient as unknown as ClientLibrary;

/** Spillway first. Those that have no exemplars are not there where records have to become some. */
export function metricsContenders(workload: MetricsWorkload): readonly MetricsContender[] {
  const spillway = new PrometheusLogRecordExporter({ metrics: rulesOf(workload) });
  const accept = workload.hasExemplars ? 'application/openmetrics-text' : undefined;
  const ours = { name: 'Spillway', exporter: spillway, text: async () => spillway.metrics(accept).body };
  if (workload.hasExemplars) {
    return [
      ours,
      byHand('prom-client', clientMetersWithExemplars(promClient)),
      byHand('@prometheus-io/client', clientMetersWithExemplars(SUCCESSOR)),
    ];
  }
  return [
    ours,
    byHand('prom-client', clientMeters(promClient, workload)),
    byHand('@prometheus-io/client', clientMeters(SUCCESSOR, workload)),
    byHand('OpenTelemetry sdk-metrics', otelMeters(workload)),
  ];
}

function byHand(name: string, meters: LogMeters): MetricsContender {
  return { name, exporter: countByHand(meters), text: meters.text };
}
