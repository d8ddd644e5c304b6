import type { CarriedOwner } from '../carrier.ts';
import type { AttachMessage, HandedPayload } from './messages.ts';

/** All that a worker has to know of an owner. @param kept payloads that a worker before this one had in memory */
export function attachMessage(owner: CarriedOwner, destination: number, kept: readonly HandedPayload[]): AttachMessage {
  return {
    kind: 'attach',
    destination,
    destinationId: owner.destinationId,
    backendId: owner.backend.id,
    backendUrl: owner.backendUrl,
    url: owner.url,
    headers: owner.revealHeadersNow(),
    hasFixedHeaders: owner.hasFixedHeaders,
    wantsGivenUp: owner.onGivenUp !== undefined,
    kept,
  };
}
