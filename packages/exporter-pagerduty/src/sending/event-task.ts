import type { PendingChange } from '../changes/change-queue.ts';
import type { Incident, IncidentAction } from '../incidents/incident.ts';

/** A request about an incident. */
export interface IncidentTask {
  readonly kind: 'incident';
  readonly incident: Incident;
  readonly action: IncidentAction;
  /** Records that its event tells of. */
  readonly count: number;
}

/** A request about a change. */
interface ChangeTask {
  readonly kind: 'change';
  readonly change: PendingChange;
}

/** What one request is about. */
export type EventTask = IncidentTask | ChangeTask;
