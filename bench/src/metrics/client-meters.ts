import type { SpanContext } from '@opentelemetry/api';
import type * as PromClient from 'prom-client';

import type { LogMeters } from './log-meters.ts';
import { BUCKETS, HELP, type MetricsWorkload } from './workload.ts';

/** What prom-client and its successor have in common. */
export type ClientLibrary = Pick<typeof PromClient, 'Counter' | 'Histogram' | 'Registry'>;

type Registry = PromClient.Registry<PromClient.OpenMetricsContentType>;

/** Metrics of prom-client or its successor. */
export function clientMeters(library: ClientLibrary, { hasHistogram }: MetricsWorkload): LogMeters {
  const registry = new library.Registry();
  const common = { help: HELP, registers: [registry] };
  const { Counter, Histogram } = library;
  const requests = new Counter({ ...common, name: 'http_requests_total', labelNames: ['route', 'status'] });
  const records = new Counter({ ...common, name: 'log_records_total', labelNames: ['severity', 'tenant'] });
  const labelNames = ['method', 'route'] as const;
  const base: Omit<LogMeters, 'takeDuration'> = {
    countRequest: (route, status) => requests.inc({ route, status }),
    countRecord: (severity, tenant) => records.inc({ severity, tenant }),
    text: () => registry.metrics(),
  };
  if (!hasHistogram) {
    const calls = new Counter({ ...common, name: 'http_calls_total', labelNames });
    return { ...base, takeDuration: (method, route) => calls.inc({ method, route }) };
  }
  const name = 'http_request_duration_seconds';
  const durations = new Histogram({ ...common, name, labelNames, buckets: [...BUCKETS] });
  return { ...base, takeDuration: (method, route, seconds) => durations.observe({ method, route }, seconds) };
}

/** The same with exemplars, for which the registry has to be one of OpenMetrics. */
export function clientMetersWithExemplars(library: ClientLibrary): LogMeters {
  const registry = new library.Registry() as unknown as Registry;
  registry.setContentType(library.Registry.OPENMETRICS_CONTENT_TYPE);
  const common = { help: HELP, registers: [registry], enableExemplars: true };
  const { Counter, Histogram } = library;
  const requests = new Counter<string>({ ...common, name: 'http_requests_total', labelNames: ['route', 'status'] });
  const records = new Counter<string>({ ...common, name: 'log_records_total', labelNames: ['severity', 'tenant'] });
  const durations = new Histogram<string>({
    ...common,
    name: 'http_request_duration_seconds',
    labelNames: ['method', 'route'],
    buckets: [...BUCKETS],
  });
  return {
    countRequest: (route, status, span) =>
      requests.inc({ labels: { route, status }, exemplarLabels: exemplarLabels(span) }),
    countRecord: (severity, tenant, span) =>
      records.inc({ labels: { severity, tenant }, exemplarLabels: exemplarLabels(span) }),
    takeDuration: (method, route, value, span) =>
      durations.observe({ labels: { method, route }, value, exemplarLabels: exemplarLabels(span) }),
    text: () => registry.metrics(),
  };
}

function exemplarLabels(span: SpanContext | undefined): Record<string, string> {
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
