import type { PagerDutySeverity } from '../events/pagerduty-event.ts';
import type { RecordSample } from '../incidents/record-sample.ts';
import type { RoutingKeyHashes } from './routing-key-hashes.ts';

/** An incident as it is stored: plain data, without any secret. */
export interface StoredIncident {
  readonly dedupKey: string;
  readonly rule: string;
  readonly severity: PagerDutySeverity;
  readonly summary: string;
  readonly source: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  /** What its records have in common, by which later ones are found to belong to it. */
  readonly keyText: string;
  /** `pending`: its page has not been delivered; `open`: it has; `resolving`: its resolve has not been delivered. */
  readonly state: 'pending' | 'open' | 'resolving';
  /** Through which of the routing keys it was opened: a resolve through another one is ignored. */
  readonly route: 'primary' | 'fallback';
  /** When its page was due, and all other times, in milliseconds since the epoch. */
  readonly dueMillis: number;
  readonly openedMillis: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  readonly lastSentMillis: number;
  /** When a record said that it is over; left out where none did. */
  readonly resolvedMillis?: number;
  readonly count: number;
  readonly countSent: number;
  readonly samples: readonly RecordSample[];
  readonly services: readonly string[];
  readonly instances: readonly string[];
  readonly tally?: Readonly<Record<string, number>>;
  /** When it was opened lately, oldest first: too often, and it is not resolved by itself any more. */
  readonly recentOpens: readonly number[];
}

/** All that outlives a process. */
export interface StoredState {
  readonly schema: 1;
  /** Tells this process and its successors from other replicas. */
  readonly instanceId: string;
  /** Beginnings of the SHA-256 of the routing keys, by which a later process sees whether its keys are the same. */
  readonly routingKeyHashes?: RoutingKeyHashes;
  readonly incidents: readonly StoredIncident[];
}

/**
 * Where open incidents and pages that were not delivered outlive the process. One store belongs to one process at a time.
 * What it throws or rejects with is logged, and costs nothing but the memory of a restart.
 */
export interface IncidentStore {
  /**
   * What was saved last; undefined where there is nothing. What it answers is checked: it may come from another version. Called
   * before anything is saved; and where it throws or rejects again from time to time, before another save, because what is
   * stored there may be another process's pages.
   */
  load(): StoredState | undefined | Promise<StoredState | undefined>;
  /**
   * Saves a state in place of the one before, as a whole or not at all. Called before the first page of an incident is sent;
   * where it is synchronous, the page waits for it within the export.
   */
  save(state: StoredState): void | Promise<void>;
  /** Lets go of what it holds, after the last save. */
  close?(): void | Promise<void>;
}
