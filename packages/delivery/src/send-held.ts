import { attempt } from './attempt.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import type { HeldPayload } from './held-payload.ts';
import type { Payload } from './payload.ts';
import type { PayloadStore } from './payload-store.ts';
import { type Outcome, unreadable } from './verdict.ts';

/**
 * Reads a payload and sends it: before this returns, where it is at hand. Never rejects.
 * @param isLast whether it is sent because the page may end
 */
export async function sendHeld(
  held: HeldPayload,
  store: PayloadStore,
  { fetch, attemptTimeoutMillis: timeoutMillis }: ResolvedDeliveryOptions,
  signal: AbortSignal,
  isLast: boolean,
): Promise<Outcome> {
  let payload: Payload;
  try {
    const read = store.read(held);
    payload = read instanceof Promise ? await read : read;
  } catch (error) {
    return unreadable(error);
  }
  const { url } = held.owner;
  if (url === undefined) return { kind: 'aborted' };
  const request = { url, headers: () => held.owner.headers(payload), body: payload.body };
  // Others may use up what the page has of such requests, which looks like any other failure: again, it goes without.
  return attempt(request, { fetch, timeoutMillis, signal, outlivesPage: isLast || held.attempts === 0 });
}
