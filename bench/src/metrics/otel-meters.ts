import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

import type { LogMeters } from './log-meters.ts';
import { BUCKETS, HELP, type MetricsWorkload } from './workload.ts';

/** Metrics of OpenTelemetry's SDK, written as its exporter for Prometheus does. It has no exemplars. */
export function otelMeters({ hasHistogram }: MetricsWorkload): LogMeters {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const requests = meter.createCounter('http_requests', { description: HELP });
  const records = meter.createCounter('log_records', { description: HELP });
  const base: Omit<LogMeters, 'takeDuration'> = {
    countRequest: (route, status) => requests.add(1, { route, status }),
    countRecord: (severity, tenant) => records.add(1, { severity, tenant }),
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
  if (!hasHistogram) {
    const calls = meter.createCounter('http_calls', { description: HELP });
    return { ...base, takeDuration: (method, route) => calls.add(1, { method, route }) };
  }
  const durations = meter.createHistogram('http_request_duration_seconds', {
    description: HELP,
    advice: { explicitBucketBoundaries: [...BUCKETS] },
  });
  return { ...base, takeDuration: (method, route, seconds) => durations.record(seconds, { method, route }) };
}
