/**
 * What is posted to PagerDuty's Events API v2, field by field.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (read 2026-11-21)
 */

export type PagerDutySeverity = 'critical' | 'error' | 'warning' | 'info';

/** A link that an incident shows. */
export interface PagerDutyLink {
  readonly href: string;
  readonly text?: string;
}

export interface PagerDutyPayload {
  /** 1,024 characters at most, or the event is refused. */
  readonly summary: string;
  /** What is affected: a host or a service. */
  readonly source: string;
  readonly severity: PagerDutySeverity;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details?: Readonly<Record<string, unknown>>;
}

/** Opens an incident, or adds to the one that is open under the same key. */
export interface TriggerEvent {
  readonly event_action: 'trigger';
  /** 255 characters at most. */
  readonly dedup_key: string;
  readonly payload: PagerDutyPayload;
  readonly links?: readonly PagerDutyLink[];
  readonly client?: string;
  readonly client_url?: string;
}

/** Resolves what is open under a key. */
export interface ResolveEvent {
  readonly event_action: 'resolve';
  readonly dedup_key: string;
}

/** Tells of a change, such as a deployment: it wakes nobody. */
export interface ChangeEvent {
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly timestamp?: string;
    readonly custom_details?: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly PagerDutyLink[];
}

/** An event without its routing key, which is a secret and joins it only in the body of a request. */
export type PagerDutyEvent = TriggerEvent | ResolveEvent | ChangeEvent;
