import type { PagerDutySeverity } from '../events/pagerduty-event.ts';
import { severityOf } from '../events/severity-of.ts';
import type { ResolvedAlertRule } from './resolved-rule.ts';

/** PagerDuty's severity for a record of a rule. */
export function incidentSeverity(rule: ResolvedAlertRule, severityNumber: unknown): PagerDutySeverity {
  return rule.severity ?? severityOf(severityNumber);
}
