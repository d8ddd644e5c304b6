import type { EventContext } from './event-context.ts';
import { incidentDetails } from './event-details.ts';
import { MAX_FIELD_CHARACTERS, MAX_SUMMARY_CHARACTERS } from './event-limits.ts';
import type { IncidentReport } from './incident-report.ts';
import { isoTime } from './iso-time.ts';
import { expandLinks, type LinkValues } from './links.ts';
import type { PagerDutySeverity, ResolveEvent, TriggerEvent } from './pagerduty-event.ts';
import { shorten, shortenOrNone } from './shorten-text.ts';
import { withoutUndefined } from './without-undefined.ts';

/** What stands in the place of a source that is empty: PagerDuty refuses an event without one. */
export const UNKNOWN_SOURCE = 'unknown';
/** What a link shows before and after an incident: how it began is seen in what led to it. */
const MARGIN_MILLIS = 300_000;

/** The event that opens an incident or tells of its state. What PagerDuty limits is within its limits, but not yet the whole. */
export function triggerEvent(report: IncidentReport, context: EventContext): TriggerEvent {
  const links = expandLinks(context.links, incidentLinkValues(report));
  return withoutUndefined<TriggerEvent>({
    event_action: 'trigger',
    dedup_key: report.dedupKey,
    payload: withoutUndefined<TriggerEvent['payload']>({
      summary: headline(report),
      source: shortenOrNone(report.source, MAX_FIELD_CHARACTERS) ?? UNKNOWN_SOURCE,
      severity: report.lateMillis === undefined ? report.severity : lateSeverity(report.severity),
      timestamp: isoTime(report.lastSeenMillis),
      component: shortenOrNone(report.component, MAX_FIELD_CHARACTERS),
      group: shortenOrNone(report.group, MAX_FIELD_CHARACTERS),
      class: shortenOrNone(report.class, MAX_FIELD_CHARACTERS),
      custom_details: incidentDetails(report),
    }),
    links: links.length === 0 ? undefined : links,
    client: shortenOrNone(context.client, MAX_FIELD_CHARACTERS),
    client_url: context.clientUrl,
  });
}

/** The event that resolves what is open under a key. */
export function resolveEvent(dedupKey: string): ResolveEvent {
  return { event_action: 'resolve', dedup_key: dedupKey };
}

/** The time around what happened, for links. */
export function timesAround(firstMillis: number, lastMillis: number): Pick<LinkValues, 'from' | 'to'> {
  if (isoTime(firstMillis) === undefined || isoTime(lastMillis) === undefined)
    return { from: undefined, to: undefined };
  return {
    from: String(Math.max(0, Math.floor(firstMillis) - MARGIN_MILLIS)),
    to: String(Math.ceil(lastMillis) + MARGIN_MILLIS),
  };
}

/** Of a text that is too long the text is cut, not how often it came. */
function headline({ summary, rule, count, lateMillis }: IncidentReport): string {
  const prefix = lateMillis === undefined ? '' : `[late ${durationText(lateMillis)}] `;
  const suffix = count > 1 ? ` (${groupedDigits(count)} records)` : '';
  const text = /\S/.test(summary) ? summary : `Incident of rule ${rule}`;
  return `${prefix}${shorten(text, MAX_SUMMARY_CHARACTERS - prefix.length - suffix.length)}${suffix}`;
}

function incidentLinkValues({ samples, services, rule, dedupKey, ...times }: IncidentReport): LinkValues {
  const traced = samples.find(({ traceId }) => traceId !== undefined);
  const { traceId, spanId } = traced ?? {};
  return {
    traceId,
    spanId,
    service: services[0],
    rule,
    dedupKey,
    ...timesAround(times.firstSeenMillis, times.lastSeenMillis),
  };
}

/** What was bad hours ago wakes nobody now. */
function lateSeverity(severity: PagerDutySeverity): PagerDutySeverity {
  return severity === 'info' ? 'info' : 'warning';
}

function durationText(millis: number): string {
  const minutes = millis / 60_000;
  if (minutes < 1) return `${Math.max(1, Math.round(millis / 1000))} s`;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

function groupedDigits(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
