import type { StoredIncident } from '../store/incident-store.ts';
import { Incident, type IncidentRoute, type IncidentStart } from './incident.ts';
import { IncidentLimits, type IncidentLimitOptions } from './incident-limits.ts';
import type { IncidentPolicy } from './incident-policy.ts';
import { restoredIncident, storedIncident } from './stored-form.ts';
import { ThresholdCounter } from './threshold-counter.ts';
import { isWorse } from './severity-order.ts';

/** Keys whose last pages are remembered after their incidents have ended. */
const MAX_REMEMBERED = 1000;

/** An incident that may begin. */
export type IncidentCandidate = Omit<IncidentStart, 'recentOpens' | 'isTally' | 'nowMillis'>;

/**
 * The incidents of a process: which records belong to one, which of them may begin, and what is due of them. Bounded, and
 * pure: the time is an argument, in milliseconds since the epoch, and must not go back.
 */
export class IncidentBook {
  readonly #limits: IncidentLimits;
  readonly #thresholds = new ThresholdCounter();
  readonly #incidents = new Map<string, Incident>();
  readonly #recentOpens = new Map<string, readonly number[]>();
  /** Incidents for what is beyond the limits: they take no place. */
  readonly #tallies = new Set<Incident>();

  constructor(limits: IncidentLimitOptions) {
    this.#limits = new IncidentLimits(limits);
  }

  get size(): number {
    return this.#incidents.size;
  }

  all(): Iterable<Incident> {
    return this.#incidents.values();
  }

  /** The incident that records of this key belong to, unless it is forgotten. */
  find(keyText: string, nowMillis: number): Incident | undefined {
    const incident = this.#incidents.get(keyText);
    if (incident?.isForgotten(nowMillis) !== true) return incident;
    this.end(incident);
    return undefined;
  }

  /** The incident that counts what is beyond the limits; undefined where there is none now. */
  get tally(): Incident | undefined {
    return this.#tallies.values().next().value;
  }

  /** Counts a record that belongs to no incident; answers whether one is to begin. */
  isDue(policy: IncidentPolicy, keyText: string, nowMillis: number): boolean {
    const { threshold, thresholdWindowMillis: windowMillis } = policy;
    return this.#thresholds.isReached(keyText, { threshold, windowMillis }, nowMillis);
  }

  /** Whether there is a place for one more incident of this severity; it is taken then. */
  hasPlace(candidate: Pick<IncidentCandidate, 'severity'>, nowMillis: number): boolean {
    this.#forget(nowMillis);
    return this.#limits.tryBegin(candidate.severity, this.#incidents.size - this.#tallies.size, nowMillis);
  }

  /** Begins an incident. */
  begin(candidate: IncidentCandidate, isTally: boolean, nowMillis: number): Incident {
    const recentOpens = this.#recentOpens.get(candidate.keyText) ?? [];
    const incident = new Incident({ ...candidate, recentOpens, isTally, nowMillis });
    this.#hold(incident);
    return incident;
  }

  /** The incident of a route to send something of next: pages first, the worst and then the oldest; then resolves, then updates. */
  next(route: IncidentRoute, nowMillis: number): Incident | undefined {
    let best: Incident | undefined;
    for (const incident of this.#incidents.values()) {
      if (incident.route !== route || incident.dueAction(nowMillis) === undefined) continue;
      if (best === undefined || isBefore(incident, best, nowMillis)) best = incident;
    }
    return best;
  }

  /** When something becomes due; `Infinity` where nothing will. */
  wakeAt(): number {
    let earliest = Infinity;
    for (const incident of this.#incidents.values()) earliest = Math.min(earliest, incident.wakeAt());
    return earliest;
  }

  /** An incident is over. */
  end(incident: Incident): void {
    this.#incidents.delete(incident.keyText);
    this.#tallies.delete(incident);
    this.#recentOpens.delete(incident.keyText);
    if (incident.recentOpens.length === 0) return;
    this.#recentOpens.set(incident.keyText, incident.recentOpens);
    if (this.#recentOpens.size > MAX_REMEMBERED)
      this.#recentOpens.delete(this.#recentOpens.keys().next().value as string);
  }

  /** Takes over what an earlier process has left, except what has begun here meanwhile. */
  restore(stored: readonly StoredIncident[], policyOf: (rule: string) => IncidentPolicy, nowMillis: number): void {
    for (const one of stored) {
      if (!this.#incidents.has(one.keyText)) this.#hold(restoredIncident(one, policyOf(one.rule), nowMillis));
    }
  }

  stored(): StoredIncident[] {
    return [...this.#incidents.values()].map((incident) => storedIncident(incident));
  }

  #hold(incident: Incident): void {
    this.#incidents.set(incident.keyText, incident);
    if (incident.evidence.isTally) this.#tallies.add(incident);
  }

  #forget(nowMillis: number): void {
    for (const incident of this.#incidents.values()) if (incident.isForgotten(nowMillis)) this.end(incident);
  }
}

const ORDER = { trigger: 0, resolve: 1, update: 2 } as const;

function isBefore(one: Incident, other: Incident, nowMillis: number): boolean {
  const difference = orderOf(one, nowMillis) - orderOf(other, nowMillis);
  if (difference !== 0) return difference < 0;
  if (one.severity !== other.severity) return isWorse(one.severity, other.severity);
  return one.dueMillis < other.dueMillis;
}

function orderOf(incident: Incident, nowMillis: number): number {
  return ORDER[incident.dueAction(nowMillis) ?? 'update'];
}
