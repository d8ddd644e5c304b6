import type { EventDetails } from './event-details.ts';
import type { ChangeEvent, TriggerEvent } from './pagerduty-event.ts';

/** The event with other details. */
export function withDetails(
  event: TriggerEvent | ChangeEvent,
  details: EventDetails | undefined,
): TriggerEvent | ChangeEvent {
  const { custom_details: _, ...payload } = event.payload;
  const newPayload = details === undefined ? payload : { ...payload, custom_details: details };
  return { ...event, payload: newPayload };
}
