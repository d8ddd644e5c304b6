import type { PagerDutySeverity } from '../events/pagerduty-event.ts';

export interface IncidentLimitOptions {
  /** Incidents open at once. */
  readonly maxOpenIncidents: number;
  /** Incidents that begin within {@link newIncidentWindowMillis}. */
  readonly maxNewIncidents: number;
  readonly newIncidentWindowMillis: number;
}

/** Part of both limits that is kept for what is critical: a storm of errors must not hide it. */
const CRITICAL_RATIO = 0.2;

/** Limits how many incidents there are, and how fast they begin. Each wakes somebody. */
export class IncidentLimits {
  readonly #options: IncidentLimitOptions;
  /** When the last ones began, oldest first. */
  #begun: number[] = [];

  constructor(options: IncidentLimitOptions) {
    this.#options = options;
  }

  /** Takes a place for a new incident, if there is one. */
  tryBegin(severity: PagerDutySeverity, openCount: number, nowMillis: number): boolean {
    const { maxOpenIncidents, maxNewIncidents, newIncidentWindowMillis } = this.#options;
    this.#begun = this.#begun.filter((begunMillis) => nowMillis - begunMillis < newIncidentWindowMillis);
    const share = severity === 'critical' ? 1 : 1 - CRITICAL_RATIO;
    if (openCount >= ceilOf(maxOpenIncidents, share)) return false;
    if (this.#begun.length >= ceilOf(maxNewIncidents, share)) return false;
    this.#begun.push(nowMillis);
    return true;
  }
}

/** At least 1: a limit of one incident is for any severity. */
function ceilOf(limit: number, share: number): number {
  return Math.max(1, Math.floor(limit * share));
}
