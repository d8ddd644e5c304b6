import type { AlertEvent, Severity } from './event.ts';

/** An event that applied to an incident. */
export interface LogEntry {
  readonly timeMillis: number;
  readonly event: AlertEvent;
}

/** What somebody was paged for. */
export interface Incident {
  readonly routingKey: string;
  readonly dedupKey: string;
  readonly openedAtMillis: number;
  /** Undefined until somebody says that it is being worked on. */
  readonly acknowledgedAtMillis: number | undefined;
  /** Undefined while it is open. */
  readonly resolvedAtMillis: number | undefined;
  /** Of the last trigger. Details stay those of the first (https://github.com/prometheus/alertmanager/issues/1587). */
  readonly summary: string;
  /** Of the last trigger. */
  readonly severity: Severity;
  /** All events that applied, the one that opened it first. */
  readonly logEntries: readonly LogEntry[];
}

type MutableIncident = { -readonly [Name in keyof Incident]: Incident[Name] } & { readonly logEntries: LogEntry[] };

/**
 * Which incidents alert events open, add to and resolve.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (read 2026-11-28)
 */
export class IncidentLog {
  readonly #incidents: MutableIncident[] = [];
  readonly #open = new Map<string, MutableIncident>();

  /** In the order in which they were opened. */
  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /**
   * @param event one that was found right
   * @param newKey makes the key of a trigger that has none
   * @returns the key that the event applies to, or would
   */
  apply(event: AlertEvent, timeMillis: number, newKey: () => string): string {
    const dedupKey = event.dedup_key ?? newKey();
    const key = JSON.stringify([event.routing_key, dedupKey]);
    const incident = this.#open.get(key) ?? this.#opened(event, dedupKey, timeMillis);
    // Acknowledging or resolving what is not open, or was opened through another routing key, has no effect.
    if (incident === undefined) return dedupKey;
    incident.logEntries.push({ timeMillis, event });
    if (event.event_action === 'trigger') Object.assign(incident, lastOf(event));
    if (event.event_action === 'acknowledge') incident.acknowledgedAtMillis ??= timeMillis;
    if (event.event_action === 'resolve') incident.resolvedAtMillis = timeMillis;
    if (incident.resolvedAtMillis === undefined) this.#open.set(key, incident);
    else this.#open.delete(key);
    return dedupKey;
  }

  #opened(event: AlertEvent, dedupKey: string, timeMillis: number): MutableIncident | undefined {
    if (event.event_action !== 'trigger') return undefined;
    const incident: MutableIncident = {
      routingKey: event.routing_key,
      dedupKey,
      openedAtMillis: timeMillis,
      acknowledgedAtMillis: undefined,
      resolvedAtMillis: undefined,
      ...lastOf(event),
      logEntries: [],
    };
    this.#incidents.push(incident);
    return incident;
  }
}

function lastOf({ payload }: AlertEvent): Pick<Incident, 'summary' | 'severity'> {
  return { summary: payload?.summary ?? '', severity: payload?.severity ?? 'error' };
}
