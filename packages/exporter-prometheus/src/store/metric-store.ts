import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { effectiveSeverity } from '@spillway/core';

import { recordWeight } from '../rules/adjusted-count.ts';
import type { ResolvedMetricRules } from '../rules/resolve-metric-rules.ts';
import { type ExemplarSource, exemplarSource } from './exemplar-source.ts';
import type { FamilySnapshot } from './family-snapshot.ts';
import type { MetricStats } from './metric-tally.ts';
import { Metric, type MetricErrorListener } from './metric.ts';

/**
 * Counts records in metrics, from the start of the process on: counters and histograms never begin again. Bounded by the
 * rules, and never throws.
 */
export class MetricStore {
  readonly #metrics: readonly Metric[];
  readonly #adjustedCount: boolean;

  constructor({ metrics, adjustedCount }: ResolvedMetricRules, onError: MetricErrorListener = () => undefined) {
    this.#metrics = metrics.map((rule) => new Metric(rule, onError));
    this.#adjustedCount = adjustedCount;
  }

  /** @param nowMillis of a monotonic clock, by which idle gauges end */
  add(record: ReadableLogRecord, nowMillis: number): void {
    const severity = severityOf(record);
    // What metrics share is read once, and only for records that one of them is about.
    let weight = 0;
    let exemplar: ExemplarSource | undefined;
    for (let index = 0; index < this.#metrics.length; index += 1) {
      const metric = this.#metrics[index] as Metric;
      if (!metric.matches(record, severity)) continue;
      if (weight === 0) {
        weight = this.#adjustedCount ? recordWeight(record) : 1;
        exemplar = exemplarSource(record);
      }
      metric.add(record, weight, exemplar, nowMillis);
    }
  }

  /** All metrics as they are now. */
  snapshot(nowMillis: number): FamilySnapshot[] {
    return this.#metrics.map((metric) => metric.snapshot(nowMillis));
  }

  /** For each metric what reads it alone. */
  readers(): ((nowMillis: number) => FamilySnapshot)[] {
    return this.#metrics.map((metric) => (nowMillis) => metric.snapshot(nowMillis));
  }

  /** What became of records, by metric. */
  stats(): MetricStats[] {
    return this.#metrics.map((metric) => metric.stats());
  }
}

/** A record whose severity cannot be read has none. */
function severityOf(record: ReadableLogRecord): number {
  try {
    return effectiveSeverity(record.severityNumber);
  } catch {
    return effectiveSeverity(undefined);
  }
}
