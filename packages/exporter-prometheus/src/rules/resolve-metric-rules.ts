import { checkBoolean, optionMessage } from '@spillway/core';

import { ownNames } from './metric-name.ts';
import type { MetricRule } from './metric-rule.ts';
import { DEFAULT_METRICS, type MetricRulesOptions } from './metric-rules-options.ts';
import { type ResolvedMetricRule, resolveMetricRule } from './resolve-metric-rule.ts';

/** Options with every default filled in. */
export interface ResolvedMetricRules {
  readonly metrics: readonly ResolvedMetricRule[];
  readonly adjustedCount: boolean;
}

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveMetricRules(options: MetricRulesOptions): ResolvedMetricRules {
  const { metrics = DEFAULT_METRICS, adjustedCount = true } = options;
  if (!Array.isArray(metrics)) throw new TypeError(optionMessage('metrics', 'a list', metrics));
  if (metrics.length === 0) throw new RangeError(optionMessage('metrics', 'a list of at least one metric', metrics));
  const resolved = metrics.map((rule: MetricRule, index) => resolveMetricRule(`metrics[${index}]`, rule));
  checkNames(resolved);
  return { metrics: resolved, adjustedCount: checkBoolean('adjustedCount', adjustedCount) };
}

/** Prometheus would take samples of one name for those of one metric, or refuse everything. */
function checkNames(metrics: readonly ResolvedMetricRule[]): void {
  const taken = new Map<string, number>();
  for (const [index, { name, type }] of metrics.entries()) {
    for (const ownName of ownNames(name, type)) {
      const other = taken.get(ownName);
      if (other !== undefined) {
        const rule = `a name that does not clash with \`metrics[${other}].name\``;
        throw new RangeError(optionMessage(`metrics[${index}].name`, rule, ownName));
      }
      taken.set(ownName, index);
    }
  }
}
