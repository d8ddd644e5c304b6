import { startTimer } from '@spillway/retry';

import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import type { DrainLoop } from './drain-loop.ts';
import type { PayloadOwner } from './held-payload.ts';
import type { AdoptedPayload } from './outbox.ts';

/** How long what another process left behind may wait for somebody who sends it. */
const INTERVAL_MILLIS = 1000;

/** Takes over, again and again, what ended processes have left in a durable outbox. */
export class Adoption {
  readonly #loop: DrainLoop;
  readonly #options: ResolvedDeliveryOptions;
  readonly #owners = new Map<string, PayloadOwner>();
  #cancelTimer: (() => void) | undefined;
  #mayBegin: boolean;
  #isAsking = false;

  /** @param waits whether nothing happens before the first {@link run} */
  constructor(loop: DrainLoop, options: ResolvedDeliveryOptions, waits: boolean) {
    this.#loop = loop;
    this.#options = options;
    this.#mayBegin = !waits;
  }

  /** From now on payloads for this owner are taken over. The first time is when all that starts together has started. */
  add(owner: PayloadOwner): void {
    this.#owners.set(owner.destinationId, owner);
    const { outbox } = this.#options;
    if (!this.#mayBegin || outbox.adopt === undefined) return;
    // What takes time to open should be open before the page is left.
    if (outbox.putNow === undefined) this.#cancelTimer ??= startTimer(() => this.run(), 0);
    else queueMicrotask(() => this.run());
  }

  remove(owner: PayloadOwner): void {
    this.#owners.delete(owner.destinationId);
    if (this.#owners.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Takes over what there is. What this process had put there before is in a ledger already. */
  run(): void {
    if (this.#options.outbox.adopt === undefined || this.#owners.size === 0 || this.#isAsking) return;
    this.#mayBegin = true;
    this.#cancelTimer?.();
    const adopted = this.#loop.store.adopt((backendId) => this.#anyOf(backendId) !== undefined);
    if (adopted instanceof Promise) {
      this.#isAsking = true;
      const onAnswer = (payloads: readonly AdoptedPayload[]): void => {
        this.#isAsking = false;
        this.#takeAll(payloads);
      };
      // An outbox of somebody else may break its word.
      void adopted.then(onAnswer, () => onAnswer([]));
    } else this.#takeAll(adopted);
  }

  #takeAll(adopted: readonly AdoptedPayload[]): void {
    if (this.#owners.size > 0) this.#cancelTimer = startTimer(() => this.run(), INTERVAL_MILLIS);
    const firstOrder = this.#loop.places.reserveBefore(adopted.length);
    for (const [index, payload] of adopted.entries()) {
      const owner = this.#owners.get(payload.destinationId) ?? this.#anyOf(payload.backendId);
      if (owner === undefined) continue;
      if (!payload.isOwn) owner.onRecovered(payload.recordCount);
      this.#take(owner, payload, firstOrder + index);
    }
    if (adopted.length > 0) this.#loop.pump();
  }

  #take(owner: PayloadOwner, payload: AdoptedPayload, order: number): void {
    const { maxAgeMillis, epochNow } = this.#options;
    if (epochNow() - payload.takenAtMillis <= maxAgeMillis) {
      this.#loop.hold(owner, payload, payload, { order });
      return;
    }
    void this.#loop.store.remove(payload).catch(() => {});
    owner.onDropped({ count: payload.recordCount, reason: 'expired' });
  }

  /** Where the destination is not here any more, another one of the same backend is better than none. */
  #anyOf(backendId: string): PayloadOwner | undefined {
    return [...this.#owners.values()].find(({ backend }) => backend.id === backendId);
  }
}
