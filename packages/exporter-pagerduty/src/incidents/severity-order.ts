import type { PagerDutySeverity } from '../events/pagerduty-event.ts';

const RANKS: Readonly<Record<PagerDutySeverity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };

/** Whether one severity is worse than another. */
export function isWorse(one: PagerDutySeverity, other: PagerDutySeverity): boolean {
  return RANKS[one] > RANKS[other];
}
