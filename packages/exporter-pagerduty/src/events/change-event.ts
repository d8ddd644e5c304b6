import type { EventContext } from './event-context.ts';
import { sampleDetails } from './event-details.ts';
import { DETAILS_SCHEMA, MAX_FIELD_CHARACTERS, MAX_SUMMARY_CHARACTERS } from './event-limits.ts';
import type { ChangeReport } from './incident-report.ts';
import { isoTime } from './iso-time.ts';
import { expandLinks } from './links.ts';
import type { ChangeEvent } from './pagerduty-event.ts';
import { shortenOrNone } from './shorten-text.ts';
import { timesAround, UNKNOWN_SOURCE } from './trigger-event.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The event that tells of a change. Links with the key of an incident are left out: a change has none. */
export function changeEvent(report: ChangeReport, context: EventContext): ChangeEvent {
  const { rule, summary, source, service, sample } = report;
  const { traceId, spanId, timeMillis } = sample;
  const links = expandLinks(context.links, {
    traceId,
    spanId,
    rule,
    service,
    dedupKey: undefined,
    ...timesAround(timeMillis, timeMillis),
  });
  return withoutUndefined<ChangeEvent>({
    payload: withoutUndefined<ChangeEvent['payload']>({
      summary: shortenOrNone(summary, MAX_SUMMARY_CHARACTERS) ?? `Change of rule ${rule}`,
      source: shortenOrNone(source, MAX_FIELD_CHARACTERS) ?? UNKNOWN_SOURCE,
      timestamp: isoTime(timeMillis),
      custom_details: { schema: DETAILS_SCHEMA, rule, ...sampleDetails(sample) },
    }),
    links: links.length === 0 ? undefined : links,
  });
}
