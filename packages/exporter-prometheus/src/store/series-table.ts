import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { ownText } from '@spillway/core';

import { safeText } from '../rules/safe-text.ts';
import type { ResolvedMetricRule } from '../rules/resolve-metric-rule.ts';
import type { Cell } from './cell.ts';
import type { Label, SeriesSnapshot } from './family-snapshot.ts';
import type { MetricTally } from './metric-tally.ts';
import { SeriesIndex } from './series-index.ts';
import type { Series } from './series.ts';

/**
 * Value of all labels of the series that counts what is beyond the cap, after the attribute `otel.metric.overflow` of
 * OpenTelemetry. It is no label of its own, because sums by the metric's labels would then show the overflow without any.
 */
const OVERFLOW_VALUE = 'otel_metric_overflow';

interface SeriesTableOptions {
  readonly rule: ResolvedMetricRule;
  readonly tally: MetricTally;
  readonly makeCell: () => Cell;
}

/** The series of one metric: at most `maxSeries`, and one for the overflow. */
export class SeriesTable {
  readonly #options: SeriesTableOptions;
  readonly #index: SeriesIndex;
  readonly #overflowValues: readonly string[];
  #list: Series[] = [];
  #overflow: Series | undefined = undefined;
  /** Before this no series can have been idle for long enough. */
  #sweepAtMillis = 0;

  constructor(options: SeriesTableOptions) {
    const { labels, init } = options.rule;
    this.#options = options;
    this.#index = new SeriesIndex(labels);
    this.#overflowValues = labels.map(() => OVERFLOW_VALUE);
    for (const values of init) if (this.#index.get(values) === undefined) this.#create(values, Infinity);
  }

  get size(): number {
    return this.#list.length;
  }

  /** The series that a record counts in; undefined where it counts in none, which is tallied. */
  seriesOf(record: ReadableLogRecord, nowMillis: number): Series | undefined {
    const series = this.#index.find(record) ?? this.#admit(record, nowMillis);
    if (series !== undefined) series.changedAtMillis = nowMillis;
    return series;
  }

  /** Whether this is the series for what is beyond the cap. */
  isOverflow(series: Series): boolean {
    return series === this.#overflow;
  }

  /** All series, in the order in which they began, without those that have been idle for too long. */
  snapshot(nowMillis: number): SeriesSnapshot[] {
    this.#sweep(nowMillis);
    return this.#list.map(({ cell, labels }) => cell.snapshot(labels));
  }

  /** The way of records whose series is not there yet, or whose labels need care. */
  #admit(record: ReadableLogRecord, nowMillis: number): Series | undefined {
    const { rule, tally } = this.#options;
    const texts = rule.labels.map((label) => label.read(record));
    if (!texts.every((text) => text !== undefined)) {
      tally.withoutLabel += 1;
      return undefined;
    }
    const values = texts.map((text) => safeText(text));
    const known = this.#index.get(values);
    if (known !== undefined) return known;
    if (this.#isFull()) this.#sweep(nowMillis);
    return this.#isFull() ? this.#overflowSeries(nowMillis) : this.#create(values, nowMillis);
  }

  #overflowSeries(nowMillis: number): Series | undefined {
    const { rule, tally } = this.#options;
    if (rule.overflow === 'drop') {
      tally.overLimit += 1;
      return undefined;
    }
    // A record may have the very values that stand for the overflow: a second series of them would be refused.
    this.#overflow ??= this.#index.get(this.#overflowValues) ?? this.#create(this.#overflowValues, nowMillis);
    return this.#overflow;
  }

  #isFull(): boolean {
    return this.#list.length - (this.#overflow === undefined ? 0 : 1) >= this.#options.rule.maxSeries;
  }

  #create(texts: readonly string[], changedAtMillis: number): Series {
    const { rule, makeCell } = this.#options;
    const values = texts.map((text) => ownText(text));
    const labels = rule.labels
      .map(({ name }, index): Label => [name, values[index] as string])
      .filter(([, value]) => value !== '')
      .toSorted(([left], [right]) => (left < right ? -1 : 1));
    const series: Series = { cell: makeCell(), values, labels, changedAtMillis };
    this.#index.add(series);
    this.#list.push(series);
    return series;
  }

  /** Ends the series that have been idle for too long. Looks at them no more often than one of them can be. */
  #sweep(nowMillis: number): void {
    const { idleTimeoutMillis } = this.#options.rule;
    if (idleTimeoutMillis === Infinity || nowMillis < this.#sweepAtMillis) return;
    const kept: Series[] = [];
    let oldestMillis = nowMillis;
    for (const series of this.#list) {
      if (nowMillis - series.changedAtMillis >= idleTimeoutMillis) {
        this.#index.delete(series);
        if (series === this.#overflow) this.#overflow = undefined;
      } else {
        kept.push(series);
        oldestMillis = Math.min(oldestMillis, series.changedAtMillis);
      }
    }
    this.#list = kept;
    this.#sweepAtMillis = oldestMillis + idleTimeoutMillis;
  }
}
