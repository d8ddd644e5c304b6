import { answerOf } from '@spillway/core';

import { countsOnly } from './event-details.ts';
import type { ChangeEvent, PagerDutyEvent, TriggerEvent } from './pagerduty-event.ts';
import { repairEvent } from './repair-event.ts';
import { withDetails } from './with-details.ts';

/**
 * Takes out of an event what must not leave. It gets a copy, which it may change or replace, and answers with the event at
 * once. What it cannot change is the key and the action.
 */
export type Redact = (event: PagerDutyEvent) => PagerDutyEvent;

/**
 * The event as the hook of the user leaves it. Where the hook throws, answers with a promise or with no event, nothing of the
 * record leaves, but somebody is paged all the same. A resolve event has nothing to redact. Never throws.
 *
 * @param onError is told why redaction failed
 */
export function applyRedaction(
  event: PagerDutyEvent,
  redact: Redact | undefined,
  onError: (error: unknown) => void,
): PagerDutyEvent {
  if (redact === undefined || !('payload' in event)) return event;
  try {
    const redacted = repairEvent(answerOf(redact(structuredClone(event))), event, headline(event));
    if (redacted !== undefined) return redacted;
    onError(new TypeError('The function `redact` answers with no event.'));
  } catch (error) {
    onError(error);
  }
  return withheld(event);
}

/** Of the record nothing, not even what PagerDuty can do without. */
function withheld(event: TriggerEvent | ChangeEvent): TriggerEvent | ChangeEvent {
  const summary = `${headline(event)}; its details were withheld because redaction failed.`;
  const { source, custom_details } = event.payload;
  const bare =
    'event_action' in event
      ? {
          event_action: event.event_action,
          dedup_key: event.dedup_key,
          payload: { summary, source, severity: event.payload.severity },
        }
      : { payload: { summary, source } };
  return withDetails(bare, countsOnly(custom_details));
}

function headline(event: TriggerEvent | ChangeEvent): string {
  const rule: unknown = event.payload.custom_details?.['rule'];
  const what = 'event_action' in event ? 'Incident' : 'Change';
  return typeof rule === 'string' ? `${what} of rule ${rule}` : what;
}
