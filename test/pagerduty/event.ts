import type { JsonObject } from './event-body.ts';

// https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/02-Trigger-Events.md (read 2026-11-28)

export type Severity = 'critical' | 'error' | 'warning' | 'info';

/** What both kinds of event may carry. */
interface SentEvent {
  readonly routing_key: string;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
}

export interface TriggerPayload {
  readonly summary: string;
  readonly source: string;
  readonly severity: Severity;
  readonly timestamp?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details?: JsonObject;
}

/** An alert event that was found right. */
export interface AlertEvent extends SentEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key?: string;
  /** There with every trigger; what others have of it has no effect. */
  readonly payload?: TriggerPayload;
  readonly images?: readonly { readonly src: string; readonly href?: string; readonly alt?: string }[];
  readonly client?: string;
  readonly client_url?: string;
}

/** A change event that was found right. */
export interface ChangeEvent extends SentEvent {
  readonly payload: {
    readonly summary: string;
    readonly source?: string;
    readonly timestamp?: string;
    readonly custom_details?: JsonObject;
  };
}
