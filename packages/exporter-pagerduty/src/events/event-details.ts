import type { RecordSample } from '../incidents/record-sample.ts';
import { DETAILS_SCHEMA } from './event-limits.ts';
import type { IncidentReport } from './incident-report.ts';
import { isoTime } from './iso-time.ts';
import type { PagerDutyPayload } from './pagerduty-event.ts';
import { severityName } from './severity-of.ts';
import { withoutUndefined } from './without-undefined.ts';

export type EventDetails = NonNullable<PagerDutyPayload['custom_details']>;

/** What tells of an incident and holds nothing of a record. */
const COUNTS = new Set(['schema', 'rule', 'count', 'suppressed', 'first_seen', 'last_seen', 'late_seconds']);
/** A redaction hook can have put anything in their place. */
const MAX_COUNT_CHARACTERS = 255;

/** `custom_details` of an incident. The samples come last: they are what is cut first. */
export function incidentDetails(report: IncidentReport): EventDetails {
  const { rule, count, suppressed, lateMillis, services, instances, tally } = report;
  return withoutUndefined<EventDetails>({
    schema: DETAILS_SCHEMA,
    rule,
    count,
    suppressed,
    first_seen: isoTime(report.firstSeenMillis),
    last_seen: isoTime(report.lastSeenMillis),
    late_seconds: lateMillis === undefined ? undefined : Math.round(lateMillis / 1000),
    services,
    instances,
    tally,
    samples: report.samples.map(sampleDetails),
  });
}

/** A sample, as it is shown. */
export function sampleDetails(sample: RecordSample): EventDetails {
  const { severityNumber, eventName, body, attributes, scope, traceId, spanId } = sample;
  return withoutUndefined<EventDetails>({
    time: isoTime(sample.timeMillis),
    severity: severityNumber >= 1 ? severityName(severityNumber) : undefined,
    event_name: eventName,
    body,
    attributes,
    scope,
    trace_id: traceId,
    span_id: spanId,
  });
}

/** The counts alone, without anything of a record. */
export function countsOnly(details: EventDetails | undefined): EventDetails {
  return Object.fromEntries(Object.entries(details ?? {}).filter(([key, value]) => COUNTS.has(key) && isShort(value)));
}

function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= MAX_COUNT_CHARACTERS);
}
