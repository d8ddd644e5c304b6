import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { meetsAny } from '@spillway/core';

import type { ResolvedMetricRule } from '../rules/resolve-metric-rule.ts';
import { readValue } from '../rules/value-source.ts';
import type { Cell } from './cell.ts';
import { CounterCell } from './counter-cell.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import type { FamilySnapshot } from './family-snapshot.ts';
import { GaugeCell } from './gauge-cell.ts';
import { HistogramCell } from './histogram-cell.ts';
import { type MetricStats, MetricTally } from './metric-tally.ts';
import { SeriesTable } from './series-table.ts';

/** Told when a predicate or a record throws: the record is not counted in the metric. May not throw itself. */
export type MetricErrorListener = (metric: string, error: unknown) => void;

/** One metric: decides whether and where records count in it. Never throws. */
export class Metric {
  readonly #rule: ResolvedMetricRule;
  readonly #onError: MetricErrorListener;
  readonly #tally: MetricTally = new MetricTally();
  readonly #table: SeriesTable;
  readonly #minValue: number;

  constructor(rule: ResolvedMetricRule, onError: MetricErrorListener) {
    this.#rule = rule;
    this.#onError = onError;
    this.#minValue = rule.type === 'gauge' ? -Number.MAX_VALUE : 0;
    this.#table = new SeriesTable({ rule, tally: this.#tally, makeCell: cellMaker(rule) });
  }

  /** Whether a record is one that the metric is about. */
  matches(record: ReadableLogRecord, severity: number): boolean {
    try {
      return meetsAny(this.#rule.when, record, severity);
    } catch (error) {
      this.#onFailure(error);
      return false;
    }
  }

  /** Counts a record that matches. */
  add(record: ReadableLogRecord, weight: number, exemplar: ExemplarSource | undefined, nowMillis: number): void {
    try {
      this.#add(record, weight, this.#rule.exemplars ? exemplar : undefined, nowMillis);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  snapshot(nowMillis: number): FamilySnapshot {
    const { name, type, help, unit } = this.#rule;
    const series = this.#table.snapshot(nowMillis);
    return unit === undefined ? { name, type, help, series } : { name, type, help, unit, series };
  }

  stats(): MetricStats {
    return this.#tally.stats(this.#rule.name, this.#table.size);
  }

  #add(record: ReadableLogRecord, weight: number, exemplar: ExemplarSource | undefined, nowMillis: number): void {
    const value = readValue(this.#rule.value, record);
    if (value === undefined) {
      this.#tally.withoutValue += 1;
      return;
    }
    if (!(value >= this.#minValue && value <= Number.MAX_VALUE)) {
      this.#tally.invalidValues += 1;
      return;
    }
    const series = this.#table.seriesOf(record, nowMillis);
    if (series === undefined) return;
    if (!series.cell.add(value, weight, exemplar)) this.#tally.invalidValues += 1;
    else if (this.#table.isOverflow(series)) this.#tally.overflowed += 1;
    else this.#tally.counted += 1;
  }

  #onFailure(error: unknown): void {
    this.#tally.errors += 1;
    this.#onError(this.#rule.name, error);
  }
}

function cellMaker({ type, action, buckets }: ResolvedMetricRule): () => Cell {
  if (type === 'counter') return () => new CounterCell();
  return type === 'gauge' ? () => new GaugeCell(action) : () => new HistogramCell(buckets);
}
