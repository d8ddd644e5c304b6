import type { IncidentReport } from '../events/incident-report.ts';
import type { PagerDutySeverity } from '../events/pagerduty-event.ts';
import type { StoredIncident } from '../store/incident-store.ts';
import { IncidentEvidence } from './incident-evidence.ts';
import type { IncidentHeadline } from './incident-headline.ts';
import type { IncidentPolicy } from './incident-policy.ts';
import { isWorse } from './severity-order.ts';

/** A page is late where it could not be delivered for so long, and its records have stopped since. */
const LATE_MILLIS = 15 * 60 * 1000;
/** So many pages within an hour, and an incident that has become quiet is not resolved: it would only page again. */
const FLAPPING_OPENS = 3;
const FLAPPING_WINDOW_MILLIS = 60 * 60 * 1000;

/** What a send is about. */
export type IncidentAction = 'trigger' | 'update' | 'resolve';

export type IncidentRoute = 'primary' | 'fallback';

/** What is known of an incident when it begins. */
export interface IncidentStart {
  readonly policy: IncidentPolicy;
  readonly keyText: string;
  readonly dedupKey: string;
  readonly severity: PagerDutySeverity;
  readonly headline: IncidentHeadline;
  /** When it was opened before, lately; oldest first. */
  readonly recentOpens: readonly number[];
  /** Whether it counts records by their rules. */
  readonly isTally: boolean;
  readonly nowMillis: number;
}

/** One incident, from the record that is due to page until it is resolved or forgotten. Times are of one clock, which never goes back. */
export class Incident {
  readonly policy: IncidentPolicy;
  readonly keyText: string;
  readonly dedupKey: string;
  readonly headline: IncidentHeadline;
  severity: PagerDutySeverity;
  state: StoredIncident['state'] = 'pending';
  route: IncidentRoute = 'primary';
  /** When its page is due. */
  dueMillis: number;
  openedMillis: number = -Infinity;
  firstSeenMillis: number;
  lastSeenMillis: number;
  lastSentMillis: number = -Infinity;
  count = 0;
  countSent = 0;
  /** Events of it that were sent so far. */
  notified = 0;
  /** When a record said that it is over; undefined where none did. */
  resolvedMillis: number | undefined;
  /** The event that is on its way. */
  inFlight: IncidentAction | undefined;
  /** Whether PagerDuty has refused it in full, so that it is sent in short. */
  isStripped = false;
  /** Attempts in a row that have failed. */
  failures = 0;
  /** Nothing is sent of it before. */
  notBeforeMillis: number = -Infinity;
  /** When it began to use its routing key. */
  onRouteSinceMillis: number;
  wasSwitched = false;
  /** What is kept of its records. */
  evidence: IncidentEvidence;
  #recentOpens: number[];
  constructor({ policy, keyText, dedupKey, severity, headline, recentOpens, isTally, nowMillis }: IncidentStart) {
    this.policy = policy;
    this.keyText = keyText;
    this.dedupKey = dedupKey;
    this.severity = severity;
    this.headline = headline;
    this.#recentOpens = [...recentOpens];
    this.evidence = IncidentEvidence.none(isTally);
    this.dueMillis = nowMillis + policy.groupWaitMillis;
    this.firstSeenMillis = nowMillis;
    this.lastSeenMillis = nowMillis;
    this.onRouteSinceMillis = this.dueMillis;
  }

  get recentOpens(): readonly number[] {
    return this.#recentOpens;
  }

  /** Counts a record. Answers whether something may be due because of it. */
  add(severity: PagerDutySeverity, rule: string, nowMillis: number): boolean {
    this.count += 1;
    this.lastSeenMillis = nowMillis;
    if (isWorse(severity, this.severity)) this.severity = severity;
    this.evidence.addRule(rule);
    // It goes on: a resolve that has not been sent would be wrong.
    const isOverAfterAll = this.resolvedMillis !== undefined || this.state === 'resolving';
    this.resolvedMillis = undefined;
    if (this.state === 'resolving' && this.inFlight === undefined) {
      this.state = 'open';
      // A resolve whose answer was lost may have ended it: then its next event pages, which must not wait.
      this.lastSentMillis = -Infinity;
    }
    return isOverAfterAll || this.count === this.countSent + 1;
  }

  /** What of it is due now, if nothing is on its way. */
  dueAction(nowMillis: number): IncidentAction | undefined {
    if (this.inFlight !== undefined || nowMillis < this.notBeforeMillis) return undefined;
    if (this.state === 'pending') return nowMillis >= this.dueMillis ? 'trigger' : undefined;
    if (this.state === 'resolving' || nowMillis >= this.#resolveAt()) return 'resolve';
    return nowMillis >= this.#updateAt() ? 'update' : undefined;
  }

  /** When something of it becomes due for reasons of time; `Infinity` where nothing will. */
  wakeAt(): number {
    if (this.inFlight !== undefined) return Infinity;
    return Math.max(this.notBeforeMillis, this.#dueAt());
  }

  /** Whether its last record is so long ago that nobody is interested in the next one's belonging to it. */
  isForgotten(nowMillis: number): boolean {
    if (this.state !== 'open' || this.inFlight !== undefined) return false;
    return nowMillis - this.lastSeenMillis >= this.policy.repeatIntervalMillis && this.#resolveAt() === Infinity;
  }

  /** An event of it leaves. */
  begin(action: IncidentAction): void {
    this.inFlight = action;
    if (action !== 'resolve') return;
    this.state = 'resolving';
    // What comes from here on is a new incident.
    this.countSent = this.count;
  }

  /** PagerDuty has taken an event that told of `count` records. Answers whether the incident is over. */
  onDelivered(count: number, nowMillis: number): boolean {
    const action = this.inFlight;
    this.inFlight = undefined;
    this.lastSentMillis = nowMillis;
    this.notified += 1;
    this.failures = 0;
    this.notBeforeMillis = -Infinity;
    if (action === 'resolve') return this.#onResolved(nowMillis);
    this.countSent = count;
    if (action === 'trigger') this.#onOpened(nowMillis);
    return false;
  }

  /** An event of it was not taken, and is due again at a time. */
  onFailed(againMillis: number): void {
    this.inFlight = undefined;
    this.failures += 1;
    this.notBeforeMillis = againMillis;
  }

  /**
   * PagerDuty will never take what there is to tell now: later records are told of as updates, and try again. Answers whether
   * the incident is over.
   */
  onRefused(nowMillis: number): boolean {
    const action = this.inFlight;
    this.inFlight = undefined;
    this.failures = 0;
    if (action === 'resolve') return this.#onResolved(nowMillis);
    this.state = 'open';
    this.lastSentMillis = nowMillis;
    this.countSent = this.count;
    return false;
  }

  /** From now on it goes through another routing key, at once. */
  switchRoute(route: IncidentRoute, nowMillis: number): void {
    this.route = route;
    this.wasSwitched = true;
    this.onRouteSinceMillis = nowMillis;
    this.failures = 0;
    this.notBeforeMillis = -Infinity;
  }

  /** What waits by choice or after a failure is due at once. */
  hurry(nowMillis: number): void {
    this.notBeforeMillis = -Infinity;
    if (this.state === 'pending') this.dueMillis = Math.min(this.dueMillis, nowMillis);
  }

  /** Whether it has a page or a resolve to send, for which a flush waits. */
  isUrgent(nowMillis: number): boolean {
    return this.state !== 'open' || nowMillis >= this.#resolveAt();
  }

  report(nowMillis: number): IncidentReport {
    const isLate = nowMillis - this.dueMillis > LATE_MILLIS && nowMillis - this.lastSeenMillis > LATE_MILLIS;
    return {
      dedupKey: this.dedupKey,
      rule: this.policy.name,
      severity: this.severity,
      ...this.headline,
      count: this.count,
      suppressed: Math.max(0, this.count - this.notified - 1),
      firstSeenMillis: this.firstSeenMillis,
      lastSeenMillis: this.lastSeenMillis,
      ...this.evidence.stored(),
      lateMillis: this.state === 'pending' && isLate ? nowMillis - this.dueMillis : undefined,
    };
  }

  #onOpened(nowMillis: number): void {
    this.state = 'open';
    this.openedMillis = nowMillis;
    const since = nowMillis - FLAPPING_WINDOW_MILLIS;
    this.#recentOpens = [...this.#recentOpens.filter((openMillis) => openMillis > since), nowMillis];
  }

  /** Over, unless records have come while the resolve was on its way: they are a new incident under the same key. */
  #onResolved(nowMillis: number): boolean {
    if (this.count === this.countSent) return true;
    this.state = 'pending';
    this.dueMillis = nowMillis;
    this.onRouteSinceMillis = nowMillis;
    this.firstSeenMillis = this.lastSeenMillis;
    this.count -= this.countSent;
    this.countSent = 0;
    this.notified = 0;
    this.evidence = IncidentEvidence.none(this.evidence.isTally);
    return false;
  }

  #dueAt(): number {
    if (this.state === 'pending') return this.dueMillis;
    return this.state === 'resolving' ? -Infinity : Math.min(this.#resolveAt(), this.#updateAt());
  }

  #updateAt(): number {
    return this.count > this.countSent ? this.lastSentMillis + this.policy.updateIntervalMillis : Infinity;
  }

  #resolveAt(): number {
    const { resolveAfterMillis, minOpenMillis } = this.policy;
    const overAt = Math.min(this.resolvedMillis ?? Infinity, this.lastSeenMillis + resolveAfterMillis);
    if (overAt === Infinity) return Infinity;
    const isFlapping = this.#recentOpens.length >= FLAPPING_OPENS;
    const calmAt = isFlapping ? (this.#recentOpens.at(-FLAPPING_OPENS) as number) + FLAPPING_WINDOW_MILLIS : -Infinity;
    return Math.max(overAt, this.openedMillis + minOpenMillis, calmAt);
  }
}
