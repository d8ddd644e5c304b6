import type { Incident, IncidentAction } from '../../src/incidents/incident.ts';
import { IncidentBook, type IncidentCandidate } from '../../src/incidents/incident-book.ts';
import type { IncidentLimitOptions } from '../../src/incidents/incident-limits.ts';
import type { IncidentPolicy } from '../../src/incidents/incident-policy.ts';

export const START: number = 1_795_000_000_000;
export const MINUTE: number = 60_000;
export const HOUR: number = 60 * MINUTE;

const LIMITS: IncidentLimitOptions = {
  maxOpenIncidents: 50,
  maxNewIncidents: 10,
  newIncidentWindowMillis: 10 * MINUTE,
};

export function makePolicy(values: Partial<IncidentPolicy> = {}): IncidentPolicy {
  return {
    name: 'errors',
    threshold: 1,
    thresholdWindowMillis: MINUTE,
    groupWaitMillis: 0,
    updateIntervalMillis: 5 * MINUTE,
    repeatIntervalMillis: 4 * HOUR,
    resolveAfterMillis: Infinity,
    minOpenMillis: 5 * MINUTE,
    ...values,
  };
}

export function candidate(keyText: string, values: Partial<IncidentCandidate> = {}): IncidentCandidate {
  const headline = { summary: `Incident ${keyText}`, source: 'host' };
  return { policy: makePolicy(), keyText, dedupKey: `key-${keyText}`, severity: 'error', headline, ...values };
}

export function makeBook(limits: Partial<IncidentLimitOptions> = {}): IncidentBook {
  return new IncidentBook({ ...LIMITS, ...limits });
}

/** Begins an incident with one record, as if there was a place for it. */
export function begin(
  book: IncidentBook,
  keyText: string,
  nowMillis: number,
  values: Partial<IncidentCandidate> = {},
): Incident {
  const incident = book.begin(candidate(keyText, values), false, nowMillis);
  incident.add(incident.severity, incident.policy.name, nowMillis);
  return incident;
}

/** Sends what is due of an incident, and has it taken. Answers what that was, and whether the incident is over. */
export function deliver(incident: Incident, nowMillis: number): [action: IncidentAction | undefined, isOver: boolean] {
  const action = incident.dueAction(nowMillis);
  if (action === undefined) return [undefined, false];
  incident.begin(action);
  return [action, incident.onDelivered(incident.count, nowMillis)];
}

/** One more record of an incident. */
export function again(incident: Incident, nowMillis: number): boolean {
  return incident.add(incident.severity, incident.policy.name, nowMillis);
}
