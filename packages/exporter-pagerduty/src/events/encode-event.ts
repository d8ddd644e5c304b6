import { MAX_BODY_BYTES } from './event-limits.ts';
import { bodyText, fitEvent } from './fit-event.ts';
import type { PagerDutyEvent } from './pagerduty-event.ts';
import { plainDetails } from './plain-details.ts';
import { withDetails } from './with-details.ts';

/**
 * The body of a request: JSON in UTF-8 of at most 512,000 bytes, whatever `custom_details` holds. All other texts are within
 * their limits already. Never throws.
 */
export function encodeEvent(event: PagerDutyEvent, routingKey: string): Uint8Array<ArrayBuffer> {
  const plain = plainEvent(event);
  const body = Buffer.from(bodyText(plain, routingKey));
  return body.byteLength <= MAX_BODY_BYTES ? body : Buffer.from(bodyText(fitEvent(plain), routingKey));
}

/** What PagerDuty cannot do without, for an event that it has refused: nothing that it might have refused it for. */
export function stripDetails(event: PagerDutyEvent): PagerDutyEvent {
  if (!('payload' in event)) return event;
  if (!('event_action' in event)) {
    const { summary, source } = event.payload;
    return { payload: { summary, source } };
  }
  const { summary, source, severity } = event.payload;
  return { event_action: event.event_action, dedup_key: event.dedup_key, payload: { summary, source, severity } };
}

/** Details that JSON can have. Only they can hold anything: the other fields are texts of our own. */
function plainEvent(event: PagerDutyEvent): PagerDutyEvent {
  if (!('payload' in event) || event.payload.custom_details === undefined) return event;
  return withDetails(event, plainDetails(event.payload.custom_details));
}
