import type { MetricRule } from '../../src/rules/metric-rule.ts';
import type { MetricRulesOptions } from '../../src/rules/metric-rules-options.ts';
import { resolveMetricRules } from '../../src/rules/resolve-metric-rules.ts';
import type { SeriesSnapshot } from '../../src/store/family-snapshot.ts';
import { MetricStore } from '../../src/store/metric-store.ts';
import type { MetricErrorListener } from '../../src/store/metric.ts';
import { logRecord, type RecordFields } from './log-record.ts';

export const NOW_MILLIS = 1000;

export function makeStore(options: MetricRulesOptions = {}, onError?: MetricErrorListener): MetricStore {
  return new MetricStore(resolveMetricRules(options), onError);
}

/** A store of one metric, which has counted these records. */
export function storeOf(rule: Partial<MetricRule>, ...records: readonly RecordFields[]): MetricStore {
  const store = makeStore({ metrics: [{ name: 'm', type: 'counter', help: 'A metric.', ...rule }] });
  for (const fields of records) store.add(logRecord(fields), NOW_MILLIS);
  return store;
}

/** The series of a store's first metric. */
export function seriesOf(store: MetricStore, nowMillis: number = NOW_MILLIS): readonly SeriesSnapshot[] {
  return store.snapshot(nowMillis)[0]?.series ?? [];
}

/** The values of a store's first metric, by their labels. */
export function valuesOf(store: MetricStore, nowMillis: number = NOW_MILLIS): Record<string, number> {
  return Object.fromEntries(seriesOf(store, nowMillis).map(({ labels, value }) => [labelsText(labels), value]));
}

function labelsText(labels: SeriesSnapshot['labels']): string {
  return labels.map((label) => label.join('=')).join(' ');
}
