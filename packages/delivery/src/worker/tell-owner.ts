import type { PayloadOwner } from '../held-payload.ts';
import { toError, type WorkerEvent } from './messages.ts';

/** Events that concern one destination. */
export type DestinationEvent = Extract<WorkerEvent, { readonly destination: number }>;

/** Tells an owner what has happened to its payloads in a worker. */
export function tellOwner(owner: PayloadOwner, event: DestinationEvent): void {
  if (event.kind === 'delivered') owner.onDelivered(event.count);
  else if (event.kind === 'dropped') {
    const { count, reason, error } = event;
    owner.onDropped({ count, reason, ...(error !== undefined && { error: toError(error) }) });
  } else if (event.kind === 'recovered') owner.onRecovered(event.count);
  else if (event.kind === 'request-end') {
    const { problem, durationMillis } = event;
    owner.onRequestEnd(problem && { ...problem, error: toError(problem.error) }, durationMillis);
  } else if (event.kind === 'given-up') owner.onGivenUp?.(event.record);
}
