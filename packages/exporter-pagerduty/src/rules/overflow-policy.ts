import type { IncidentPolicy } from '../incidents/incident-policy.ts';

/** The incident for what is beyond the limits: no rule may have its name. */
export const OVERFLOW_POLICY: IncidentPolicy = {
  name: 'overflow',
  threshold: 1,
  thresholdWindowMillis: 60_000,
  groupWaitMillis: 0,
  updateIntervalMillis: 5 * 60_000,
  repeatIntervalMillis: 4 * 60 * 60_000,
  resolveAfterMillis: Infinity,
  minOpenMillis: 0,
};
