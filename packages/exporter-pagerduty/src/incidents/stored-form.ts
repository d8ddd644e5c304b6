import type { StoredIncident } from '../store/incident-store.ts';
import { Incident } from './incident.ts';
import { IncidentEvidence } from './incident-evidence.ts';
import type { IncidentPolicy } from './incident-policy.ts';

/** An incident as it outlives the process. */
export function storedIncident(incident: Incident): StoredIncident {
  const { component, group, class: kind, summary, source } = incident.headline;
  return {
    dedupKey: incident.dedupKey,
    keyText: incident.keyText,
    rule: incident.policy.name,
    severity: incident.severity,
    summary,
    source,
    ...(component !== undefined && { component }),
    ...(group !== undefined && { group }),
    ...(kind !== undefined && { class: kind }),
    state: incident.state,
    route: incident.route,
    dueMillis: incident.dueMillis,
    openedMillis: finite(incident.openedMillis),
    firstSeenMillis: incident.firstSeenMillis,
    lastSeenMillis: incident.lastSeenMillis,
    lastSentMillis: finite(incident.lastSentMillis),
    count: incident.count,
    countSent: incident.countSent,
    ...(incident.resolvedMillis !== undefined && { resolvedMillis: incident.resolvedMillis }),
    ...incident.evidence.stored(),
    recentOpens: incident.recentOpens,
  };
}

/** An incident that an earlier process has left. Where the clock was set back since, nothing of it is later than now. */
export function restoredIncident(stored: StoredIncident, policy: IncidentPolicy, nowMillis: number): Incident {
  const past = (millis: number): number => Math.min(millis, nowMillis);
  const { keyText, dedupKey, severity, summary, source, component, group, class: kind } = stored;
  const headline = { summary, source, component, group, class: kind };
  const recentOpens = stored.recentOpens.map(past);
  const start = { policy, keyText, dedupKey, severity, headline, recentOpens };
  const incident = new Incident({ ...start, isTally: false, nowMillis: past(stored.firstSeenMillis) });
  const { state, route, count, countSent, resolvedMillis } = stored;
  Object.assign(incident, { state, route, count, countSent });
  incident.dueMillis = Math.min(stored.dueMillis, nowMillis + policy.groupWaitMillis);
  incident.openedMillis = past(stored.openedMillis);
  incident.lastSeenMillis = past(stored.lastSeenMillis);
  incident.lastSentMillis = past(stored.lastSentMillis);
  if (resolvedMillis !== undefined) incident.resolvedMillis = past(resolvedMillis);
  incident.evidence = new IncidentEvidence(stored);
  return incident;
}

/** JSON has no infinity. */
function finite(millis: number): number {
  return Number.isFinite(millis) ? millis : 0;
}
