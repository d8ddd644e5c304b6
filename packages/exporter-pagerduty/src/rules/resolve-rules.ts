import { optionMessage } from '@spillway/core';

import type { AlertRule, PagerDutyRule } from './pagerduty-rule.ts';
import { resolveRule } from './resolve-rule.ts';
import type { ResolvedRule } from './resolved-rule.ts';

/** Each record may be held against all of them. */
export const MAX_RULES: number = 100;

/** What pages without rules: a log that says that it is fatal. */
const FATAL_RULE: AlertRule = { name: 'fatal', when: { minSeverity: 21 } };

/**
 * @param field how the rules are named in messages, such as `rules`
 * @param rules 1 to 100 of them; left out, records of severity FATAL page
 * @throws TypeError or RangeError naming what is wrong.
 */
export function resolveRules(field: string, rules: readonly PagerDutyRule[] = [FATAL_RULE]): ResolvedRule[] {
  const rule = `a list of 1 to ${MAX_RULES} rules`;
  if (!Array.isArray(rules)) throw new TypeError(optionMessage(field, rule, rules));
  if (rules.length === 0 || rules.length > MAX_RULES) throw new RangeError(optionMessage(field, rule, rules.length));
  const resolved = rules.map((one: PagerDutyRule, index) => resolveRule(`${field}[${index}]`, one));
  checkNames(field, resolved);
  return resolved;
}

/** Incidents of two rules of one name would be the same. */
function checkNames(field: string, rules: readonly ResolvedRule[]): void {
  const taken = new Map<string, number>();
  for (const [index, { name }] of rules.entries()) {
    const other = taken.get(name);
    if (other !== undefined) {
      const rule = `another name than that of \`${field}[${other}]\``;
      throw new RangeError(optionMessage(`${field}[${index}].name`, rule, name));
    }
    taken.set(name, index);
  }
}
