import type { FlushWaiter } from './flush-waiter.ts';
import type { Gate } from './gate.ts';
import type { HeldPayload, PayloadOwner } from './held-payload.ts';

/** The flushes that wait now. */
export class FlushWaiters {
  readonly #waiters = new Set<FlushWaiter>();

  add(waiter: FlushWaiter): void {
    this.#waiters.add(waiter);
  }

  delete(waiter: FlushWaiter): void {
    this.#waiters.delete(waiter);
  }

  onAdded(held: HeldPayload): void {
    for (const waiter of this.#waiters) waiter.onAdded(held);
  }

  onRemoved(held: HeldPayload): void {
    for (const waiter of this.#waiters) waiter.onRemoved(held);
  }

  /** Ends those that have nothing to wait for any more. */
  settle(gatesOf: (owner: PayloadOwner) => Iterable<Gate>): void {
    for (const waiter of this.#waiters) if (waiter.settleIfOver(gatesOf(waiter.owner))) this.#waiters.delete(waiter);
  }

  cancel(): void {
    for (const waiter of this.#waiters) waiter.cancel();
  }
}
