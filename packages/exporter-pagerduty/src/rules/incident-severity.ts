import { checkFields, checkOneOf, optionMessage, SEVERITY_NAMES } from '@spillway/core';

import type { PagerDutySeverity } from '../events/pagerduty-event.ts';
import { PAGERDUTY_SEVERITIES, severityName, severityOf } from '../events/severity-of.ts';
import type { ResolvedAlertRule } from './resolved-rule.ts';

/** PagerDuty's severity for a record of a rule. */
export function incidentSeverity({ severity }: ResolvedAlertRule, severityNumber: unknown): PagerDutySeverity {
  if (typeof severity === 'string') return severity;
  return severity?.[severityName(severityNumber)] ?? severityOf(severityNumber);
}

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveSeverity(field: string, severity: unknown): ResolvedAlertRule['severity'] {
  if (severity === undefined) return undefined;
  if (typeof severity !== 'object' || severity === null) return checkOneOf(field, severity, PAGERDUTY_SEVERITIES);
  if (Array.isArray(severity))
    throw new TypeError(optionMessage(field, 'one severity, or an object of them', severity));
  checkFields(`${field}.`, severity, SEVERITY_NAMES);
  const given = Object.entries(severity).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, checkOneOf(`${field}.${name}`, value, PAGERDUTY_SEVERITIES)]),
  );
}
