import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { FamilySnapshot, SeriesSnapshot } from '../store/family-snapshot.ts';
import {
  CUMULATIVE,
  type DataPoint,
  DOUBLE,
  GAUGE,
  HISTOGRAM,
  type Histogram,
  type LogMetricProducer,
  type MetricCollection,
  type MetricData,
  SUM,
} from './metric-data.ts';

interface MetricProducerOptions {
  readonly families: () => readonly FamilySnapshot[];
  /** When counting began, in milliseconds since 1970. */
  readonly startMillis: number;
}

const SCOPE = { name: '@spillway/exporter-prometheus' };
const MILLIS_PER_SECOND = 1000;
const NANOS_PER_MILLI = 1_000_000;

/** Readers take the resource of their own meter provider and leave out this one. */
const NO_RESOURCE: ReadableLogRecord['resource'] = {
  attributes: {},
  merge: (other) => other ?? NO_RESOURCE,
  getRawAttributes: () => [],
};

/** Hands families to OpenTelemetry's metric readers. */
export function makeMetricProducer({ families, startMillis }: MetricProducerOptions): LogMetricProducer {
  const startTime = hrTime(startMillis);
  return {
    collect: async (): Promise<MetricCollection> => {
      const endTime = hrTime(Date.now());
      // A metric without series would be printed as a heading over nothing.
      const metrics = families()
        .filter(({ series }) => series.length > 0)
        .map((family) => metricData(family, startTime, endTime));
      return { resourceMetrics: { resource: NO_RESOURCE, scopeMetrics: [{ scope: SCOPE, metrics }] }, errors: [] };
    },
  };
}

/** The name is the family's: readers for Prometheus append `_total` to that of a counter, and a unit that it lacks. */
function metricData(
  { name, type, help, unit = '', series }: FamilySnapshot,
  startTime: HrTime,
  endTime: HrTime,
): MetricData {
  const descriptor = { name, description: help, unit, valueType: DOUBLE } as const;
  const base = { descriptor, aggregationTemporality: CUMULATIVE } as const;
  const dataPoints = <T>(value: (one: SeriesSnapshot) => T): DataPoint<T>[] =>
    series.map((one) => ({ startTime, endTime, attributes: Object.fromEntries(one.labels), value: value(one) }));
  if (type === 'histogram') return { ...base, dataPointType: HISTOGRAM, dataPoints: dataPoints(histogramValue) };
  const points = dataPoints(({ value }) => value);
  if (type === 'gauge') return { ...base, dataPointType: GAUGE, dataPoints: points };
  return { ...base, dataPointType: SUM, isMonotonic: true, dataPoints: points };
}

function histogramValue({ value, buckets = [] }: SeriesSnapshot): Histogram {
  const boundaries = buckets.slice(0, -1).map(({ upperBound }) => upperBound);
  const counts = buckets.map(({ count }, index) => count - (buckets[index - 1]?.count ?? 0));
  return { buckets: { boundaries, counts }, sum: value, count: buckets.at(-1)?.count ?? 0 };
}

function hrTime(millis: number): HrTime {
  return [Math.floor(millis / MILLIS_PER_SECOND), (millis % MILLIS_PER_SECOND) * NANOS_PER_MILLI];
}
