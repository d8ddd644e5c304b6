import { MAX_FIELD_CHARACTERS, MAX_LINKS, MAX_SUMMARY_CHARACTERS } from './event-limits.ts';
import { httpUrl } from './http-url.ts';
import { isoTime } from './iso-time.ts';
import type { ChangeEvent, PagerDutyLink, PagerDutySeverity, TriggerEvent } from './pagerduty-event.ts';
import { plainDetails } from './plain-details.ts';
import { PAGERDUTY_SEVERITIES } from './severity-of.ts';
import { shortenOrNone } from './shorten-text.ts';
import { UNKNOWN_SOURCE } from './trigger-event.ts';
import { withoutUndefined } from './without-undefined.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * An event as somebody else has changed it, made one that PagerDuty takes: key and action are those of the original, texts are
 * within their limits, and what is no valid value is left out, or replaced where PagerDuty needs it. Undefined where it is no
 * event at all. Throws what its getters throw.
 *
 * @param summary in the place of one that is empty
 */
export function repairEvent(
  changed: unknown,
  original: TriggerEvent | ChangeEvent,
  summary: string,
): TriggerEvent | ChangeEvent | undefined {
  if (!isObject(changed) || !isObject(changed['payload'])) return undefined;
  const fields = changed['payload'];
  const payload = {
    summary: shortenOrNone(fields['summary'], MAX_SUMMARY_CHARACTERS) ?? summary,
    source: shortenOrNone(fields['source'], MAX_FIELD_CHARACTERS) ?? UNKNOWN_SOURCE,
    timestamp: validTime(fields['timestamp']),
    custom_details: fields['custom_details'] === undefined ? undefined : plainDetails(fields['custom_details']),
  };
  const links = validLinks(changed['links']);
  if (!('event_action' in original)) {
    return withoutUndefined<ChangeEvent>({ payload: withoutUndefined<ChangeEvent['payload']>(payload), links });
  }
  return withoutUndefined<TriggerEvent>({
    event_action: original.event_action,
    dedup_key: original.dedup_key,
    payload: withoutUndefined<TriggerEvent['payload']>({
      ...payload,
      severity: validSeverity(fields['severity']) ?? original.payload.severity,
      component: shortenOrNone(fields['component'], MAX_FIELD_CHARACTERS),
      group: shortenOrNone(fields['group'], MAX_FIELD_CHARACTERS),
      class: shortenOrNone(fields['class'], MAX_FIELD_CHARACTERS),
    }),
    links,
    client: shortenOrNone(changed['client'], MAX_FIELD_CHARACTERS),
    client_url: httpUrl(changed['client_url']),
  });
}

function validSeverity(severity: unknown): PagerDutySeverity | undefined {
  const text = typeof severity === 'string' ? severity.toLowerCase() : undefined;
  return PAGERDUTY_SEVERITIES.find((choice) => choice === text);
}

function validTime(time: unknown): string | undefined {
  if (typeof time === 'string') return isoTime(Date.parse(time));
  return time instanceof Date ? isoTime(time.getTime()) : undefined;
}

function validLinks(links: unknown): PagerDutyLink[] | undefined {
  if (!Array.isArray(links)) return undefined;
  const valid: PagerDutyLink[] = [];
  for (const link of links.slice(0, MAX_LINKS) as readonly unknown[]) {
    const href = isObject(link) ? httpUrl(link['href']) : undefined;
    if (href === undefined) continue;
    const text = shortenOrNone((link as Fields)['text'], MAX_FIELD_CHARACTERS);
    valid.push(withoutUndefined<PagerDutyLink>({ href, text }));
  }
  return valid.length === 0 ? undefined : valid;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
