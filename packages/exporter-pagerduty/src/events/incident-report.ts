import type { RecordSample } from '../incidents/record-sample.ts';
import type { PagerDutySeverity } from './pagerduty-event.ts';

/** The state of an incident, of which a trigger event is made. Nothing in it is cut to PagerDuty's limits yet. */
export interface IncidentReport {
  readonly dedupKey: string;
  /** Name of its rule. */
  readonly rule: string;
  readonly severity: PagerDutySeverity;
  readonly summary: string;
  readonly source: string;
  readonly component?: string | undefined;
  readonly group?: string | undefined;
  readonly class?: string | undefined;
  /** Records so far, this process's. */
  readonly count: number;
  /** Those of them that nothing was sent for. */
  readonly suppressed: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** The first ones, oldest first. */
  readonly samples: readonly RecordSample[];
  readonly services: readonly string[];
  readonly instances: readonly string[];
  /** Of the incident for what is beyond the limits: records by rule. */
  readonly tally?: Readonly<Record<string, number>> | undefined;
  /** How much later than it should it is sent, in milliseconds; undefined where it is in time. */
  readonly lateMillis?: number | undefined;
}

/** A change, of which a change event is made. */
export interface ChangeReport {
  readonly rule: string;
  readonly summary: string;
  readonly source: string;
  /** `service.name` of the record's resource, for links. */
  readonly service?: string | undefined;
  readonly sample: RecordSample;
}
