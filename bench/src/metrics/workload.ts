import type { MetricRule } from '@spillway/exporter-prometheus';

/** Three metrics with two labels each, that every record counts in. */
export interface MetricsWorkload {
  readonly name: string;
  /** Whether the third metric is a histogram or a counter as well. */
  readonly hasHistogram: boolean;
  /** Whether records are of traces, and metrics name the last of them. */
  readonly hasExemplars: boolean;
}

export const COUNTERS: MetricsWorkload = { name: '3 counters', hasHistogram: false, hasExemplars: false };
export const HISTOGRAM: MetricsWorkload = {
  name: '2 counters, 1 histogram',
  hasHistogram: true,
  hasExemplars: false,
};
export const EXEMPLARS: MetricsWorkload = {
  name: '2 counters, 1 histogram, exemplars',
  hasHistogram: true,
  hasExemplars: true,
};

/** Upper bounds of the histogram, in seconds; one more bucket is for what is above. */
export const BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
export const HELP = 'What the records of the benchmark say.';

/** The metrics as rules. What `log-meters.ts` does by hand is the same. */
export function rulesOf({ hasHistogram }: MetricsWorkload): readonly MetricRule[] {
  const third = {
    help: HELP,
    when: { scope: 'http' },
    labels: [
      { from: 'attributes.http.request.method', as: 'method' },
      { from: 'attributes.http.route', as: 'route' },
    ],
  } as const;
  return [
    {
      name: 'http_requests',
      type: 'counter',
      help: HELP,
      when: { eventName: 'http.request' },
      labels: [
        { from: 'attributes.http.route', as: 'route' },
        { from: 'attributes.http.response.status_code', as: 'status' },
      ],
    },
    { name: 'log_records', type: 'counter', help: HELP, labels: [{ from: 'severity' }, { from: 'attributes.tenant' }] },
    hasHistogram
      ? {
          ...third,
          name: 'http_request_duration',
          unit: 'seconds',
          type: 'histogram',
          value: 'attributes.duration',
          buckets: BUCKETS,
        }
      : { ...third, name: 'http_calls', type: 'counter' },
  ];
}
