import { severityIndex, type SeverityName, SEVERITY_NAMES } from '@spillway/core';

import type { PagerDutySeverity } from './pagerduty-event.ts';

/** The four, most severe first. PagerDuty refuses any other, and these in capitals. */
export const PAGERDUTY_SEVERITIES: readonly PagerDutySeverity[] = ['critical', 'error', 'warning', 'info'];

const SEVERITIES: Readonly<Record<SeverityName, PagerDutySeverity>> = {
  FATAL: 'critical',
  ERROR: 'error',
  WARN: 'warning',
  INFO: 'info',
  DEBUG: 'info',
  TRACE: 'info',
};

/** PagerDuty's severity of a record's severity number; `info` without one. */
export function severityOf(severityNumber: unknown): PagerDutySeverity {
  return SEVERITIES[severityName(severityNumber)];
}

/** The name of the range that a severity number is in, such as `ERROR`; `INFO` without one. */
export function severityName(severityNumber: unknown): SeverityName {
  return SEVERITY_NAMES[severityIndex(severityNumber)] as SeverityName;
}
