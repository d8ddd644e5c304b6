import { optionMessage } from '@spillway/core';

import type { MetricType } from './metric-rule.ts';

const NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const UNIT = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * Series that Prometheus itself writes of each target, and of alerts. One that is scraped takes their place: a gauge `up`
 * would say that a target is up when it is not.
 * @see https://prometheus.io/docs/concepts/jobs_instances/ (read 2026-11-28)
 */
const RESERVED: ReadonlySet<string> = new Set([
  'up',
  'scrape_duration_seconds',
  'scrape_samples_post_metric_relabeling',
  'scrape_samples_scraped',
  'scrape_series_added',
  'scrape_timeout_seconds',
  'scrape_sample_limit',
  'scrape_body_size_bytes',
  'ALERTS',
  'ALERTS_FOR_STATE',
]);

const COUNTER_SUFFIX = '_total';
const OWN_SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['', COUNTER_SUFFIX, '_created'],
  gauge: [''],
  histogram: ['', '_bucket', '_count', '_sum', '_created'],
};

/**
 * Name of a metric's family: that of the rule without `_total`, and with the unit as its end, as OpenMetrics wants both.
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md (read 2026-11-21)
 */
export function familyName(field: string, name: unknown, type: MetricType, unit: string | undefined): string {
  const rule = 'a name of letters, digits, `_` and `:` that begins with no digit';
  if (typeof name !== 'string') throw new TypeError(optionMessage(field, rule, name));
  if (!NAME.test(name) || name === COUNTER_SUFFIX) throw new RangeError(optionMessage(field, rule, name));
  const isTotal = name.endsWith(COUNTER_SUFFIX);
  if (isTotal && type !== 'counter') {
    throw new RangeError(optionMessage(field, `without \`${COUNTER_SUFFIX}\`, by which counters are known`, name));
  }
  const stem = isTotal ? name.slice(0, -COUNTER_SUFFIX.length) : name;
  const family = unit === undefined || stem.endsWith(`_${unit}`) ? stem : `${stem}_${unit}`;
  if (!RESERVED.has(family)) return family;
  throw new RangeError(optionMessage(field, 'a name that Prometheus does not have for itself', family));
}

/** Returns `unit` if it can be the end of a name, else throws. */
export function checkUnit(field: string, unit: unknown): string {
  const rule = 'a name of letters, digits and `_` that begins with a letter';
  if (typeof unit !== 'string') throw new TypeError(optionMessage(field, rule, unit));
  if (!UNIT.test(unit)) throw new RangeError(optionMessage(field, rule, unit));
  return unit;
}

/** The names that no other metric may have: that of the family, and those that its samples have or may have. */
export function ownNames(family: string, type: MetricType): string[] {
  return OWN_SUFFIXES[type].map((suffix) => `${family}${suffix}`);
}

/** Name of a counter's samples. */
export function counterSampleName(family: string): string {
  return `${family}${COUNTER_SUFFIX}`;
}
