import {
  checkFields,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkString,
  optionMessage,
  type ResolvedCondition,
  resolveConditions,
} from '@spillway/core';

import { resolveInitialLabels } from './initial-labels.ts';
import type { LabelSource } from './label-source.ts';
import { checkUnit, familyName } from './metric-name.ts';
import type { MetricRule, MetricType } from './metric-rule.ts';
import { resolveLabels } from './resolve-labels.ts';
import { safeText } from './safe-text.ts';
import { resolveValue, type ValueSource } from './value-source.ts';

/** A rule with everything filled in. */
export interface ResolvedMetricRule {
  /** Name of the family, without `_total`. */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string | undefined;
  readonly when: readonly ResolvedCondition[];
  readonly value: ValueSource;
  readonly action: 'set' | 'add';
  readonly labels: readonly LabelSource[];
  /** Empty but for histograms; without the last one, which is `Infinity`. */
  readonly buckets: Float64Array;
  readonly maxSeries: number;
  readonly overflow: 'series' | 'drop';
  readonly idleTimeoutMillis: number;
  readonly exemplars: boolean;
  /** Label values of the series that exist from the start. */
  readonly init: readonly (readonly string[])[];
}

const RULE_FIELDS: readonly (keyof MetricRule)[] = [
  'name',
  'type',
  'help',
  'unit',
  'when',
  'value',
  'action',
  'labels',
  'buckets',
  'maxSeries',
  'overflow',
  'idleTimeoutMillis',
  'exemplars',
  'init',
];
const TYPES = ['counter', 'gauge', 'histogram'] as const;
const ACTIONS = ['set', 'add'] as const;
const OVERFLOWS = ['series', 'drop'] as const;
const DEFAULT_MAX_SERIES = 1000;
const MAX_MAX_SERIES = 1_000_000;
/**
 * What most of Prometheus' client libraries have for durations.
 * @see https://github.com/prometheus/client_golang/blob/main/prometheus/histogram.go (`DefBuckets`; read 2026-11-28)
 */
const BUCKETS_OF_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Options that only some types have. */
const TYPES_OF_OPTION: Readonly<Partial<Record<keyof MetricRule, readonly MetricType[]>>> = {
  action: ['gauge'],
  buckets: ['histogram'],
  idleTimeoutMillis: ['gauge'],
  exemplars: ['counter', 'histogram'],
};

/**
 * @param field how the rule is named in messages, such as `metrics[0]`
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function resolveMetricRule(field: string, rule: MetricRule): ResolvedMetricRule {
  if (typeof rule !== 'object' || rule === null) throw new TypeError(optionMessage(field, 'an object', rule));
  checkFields(`${field}.`, rule, RULE_FIELDS);
  const type = checkOneOf(`${field}.type`, rule.type, TYPES);
  checkOptionsOfType(field, rule, type);
  const unit = rule.unit === undefined ? undefined : checkUnit(`${field}.unit`, rule.unit);
  const action = checkOneOf(`${field}.action`, rule.action ?? 'set', ACTIONS);
  const labels = resolveLabels(`${field}.labels`, rule.labels ?? []);
  const resolved: ResolvedMetricRule = {
    name: familyName(`${field}.name`, rule.name, type, unit),
    type,
    help: safeText(checkString(`${field}.help`, rule.help)),
    unit,
    when: resolveConditions(`${field}.when`, rule.when),
    value: resolveValue(`${field}.value`, type, rule.value),
    action,
    labels,
    buckets: type === 'histogram' ? resolveBuckets(`${field}.buckets`, rule) : new Float64Array(),
    maxSeries: checkInteger(`${field}.maxSeries`, rule.maxSeries ?? DEFAULT_MAX_SERIES, {
      min: 1,
      max: MAX_MAX_SERIES,
    }),
    overflow: checkOneOf(`${field}.overflow`, rule.overflow ?? defaultOverflow(type, action), OVERFLOWS),
    idleTimeoutMillis: checkNumber(`${field}.idleTimeoutMillis`, rule.idleTimeoutMillis ?? Infinity, {
      min: 1,
      max: Infinity,
    }),
    exemplars: resolveExemplars(`${field}.exemplars`, rule.exemplars ?? type !== 'gauge'),
    init: resolveInitialLabels(`${field}.init`, rule.init ?? defaultInit(type, labels), labels),
  };
  if (resolved.init.length > resolved.maxSeries) {
    throw new RangeError(optionMessage(`${field}.init`, 'no more than `maxSeries` label sets', resolved.init.length));
  }
  return resolved;
}

function checkOptionsOfType(field: string, rule: MetricRule, type: MetricType): void {
  for (const [option, types] of Object.entries(TYPES_OF_OPTION)) {
    const value = rule[option as keyof MetricRule];
    // What is turned off may be said of all types alike.
    if (value === undefined || value === false || types.includes(type)) continue;
    throw new TypeError(optionMessage(`${field}.${option}`, `absent for a ${type}`, value));
  }
}

function resolveBuckets(field: string, rule: MetricRule): Float64Array {
  const buckets: unknown = rule.buckets ?? (rule.unit === 'seconds' ? BUCKETS_OF_SECONDS : undefined);
  if (!Array.isArray(buckets)) {
    throw new TypeError(optionMessage(field, 'a list of numbers; only the unit `seconds` has a default', buckets));
  }
  const bounds = buckets.map((bound: unknown, index) =>
    checkNumber(`${field}[${index}]`, bound, { max: Number.MAX_VALUE }),
  );
  const rises = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] as number));
  if (bounds.length > 0 && rises) return Float64Array.from(bounds);
  const order = 'a list of at least one finite number from 0 on, in rising order';
  throw new RangeError(optionMessage(field, order, bounds.join(', ')));
}

/** `trace` names what there is; both forms are read alike. */
function resolveExemplars(field: string, exemplars: unknown): boolean {
  if (exemplars === 'trace') return true;
  if (typeof exemplars === 'boolean') return exemplars;
  throw new TypeError(optionMessage(field, 'a boolean, or "trace"', exemplars));
}

function defaultOverflow(type: MetricType, action: 'set' | 'add'): 'series' | 'drop' {
  return type === 'gauge' && action === 'set' ? 'drop' : 'series';
}

/** The only label set of a metric without labels is known beforehand; a gauge has no value before it was given one. */
function defaultInit(type: MetricType, labels: readonly LabelSource[]): MetricRule['init'] {
  return type !== 'gauge' && labels.length === 0 ? [{}] : [];
}
