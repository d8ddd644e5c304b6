import type { Attributes, HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/**
 * What `@opentelemetry/sdk-metrics` 3 reads of a metric producer, by its form: the package is no dependency. Its enums are
 * given by their values.
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/sdk-metrics/src/export/MetricData.ts (3.1.1, read 2026-11-21)
 */

export const CUMULATIVE = 1;
export const HISTOGRAM = 0;
export const GAUGE = 2;
export const SUM = 3;
export const DOUBLE = 1;

/** One series. */
export interface DataPoint<T> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Attributes;
  readonly value: T;
}

/** Observations by size: each bucket counts for itself, and the bound of the last one is not given. */
export interface Histogram {
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
  readonly sum: number;
  readonly count: number;
}

interface BaseMetricData {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: typeof DOUBLE;
  };
  readonly aggregationTemporality: typeof CUMULATIVE;
}

interface SumMetricData extends BaseMetricData {
  readonly dataPointType: typeof SUM;
  readonly isMonotonic: boolean;
  readonly dataPoints: DataPoint<number>[];
}

interface GaugeMetricData extends BaseMetricData {
  readonly dataPointType: typeof GAUGE;
  readonly dataPoints: DataPoint<number>[];
}

interface HistogramMetricData extends BaseMetricData {
  readonly dataPointType: typeof HISTOGRAM;
  readonly dataPoints: DataPoint<Histogram>[];
}

export type MetricData = SumMetricData | GaugeMetricData | HistogramMetricData;

/** One collection of a metric producer. */
export interface MetricCollection {
  readonly resourceMetrics: {
    readonly resource: ReadableLogRecord['resource'];
    readonly scopeMetrics: { readonly scope: { readonly name: string }; readonly metrics: MetricData[] }[];
  };
  readonly errors: unknown[];
}

/** A source of metrics for `metricProducers` of OpenTelemetry's metric readers. */
export interface LogMetricProducer {
  /** The metrics as they are now. Never rejects. */
  collect(): Promise<MetricCollection>;
}
