import type { HeldPayload } from '../held-payload.ts';
import type { PayloadStore } from '../payload-store.ts';
import type { Payload } from '../payload.ts';
import { keepaliveBudget } from './keepalive-budget.ts';
import { hasKeepalive, sendBeacon } from './send-beacon.ts';

/**
 * The requests of a page that may end right after: all of them begin before anything else happens, and outlive the page.
 * Whatever their answers are, a payload stays in the outbox until one is seen.
 */
export class LastRequests {
  readonly #store: PayloadStore;
  readonly #start: (held: HeldPayload, now: number) => void;
  /** What the browser took, and says nothing of: a page can be hidden often. */
  readonly #beacons = new WeakSet<HeldPayload>();

  /** @param start begins an attempt that outlives the page */
  constructor(store: PayloadStore, start: (held: HeldPayload, now: number) => void) {
    this.#store = store;
    this.#start = start;
  }

  /**
   * Sends as many as fit, in their order.
   * @param others how many requests may begin besides, for what is nowhere but here: it may get through all the same
   */
  send(waiting: readonly HeldPayload[], now: number, others: number): void {
    let left = others;
    for (const held of waiting) {
      // Asked each time: of a backend that is taken for down one request finds out.
      const payload = held.gate.mayAdmitLast(now) ? this.#store.readNow(held) : undefined;
      if (payload === undefined) continue;
      const isSmall = held.wireBytes <= keepaliveBudget.freeBytes;
      if (isSmall && !hasKeepalive()) this.#sendBeacon(held, payload);
      else if (isSmall || (left > 0 && !this.#store.outlives(held))) {
        left -= isSmall ? 0 : 1;
        this.#start(held, now);
      }
    }
  }

  #sendBeacon(held: HeldPayload, payload: Payload): void {
    const { owner } = held;
    if (owner.url === undefined || this.#beacons.has(held)) return;
    const headers = owner.headers(payload);
    if (headers instanceof Promise) headers.catch(() => {});
    else if (sendBeacon(owner.url, payload, headers)) this.#beacons.add(held);
  }
}
