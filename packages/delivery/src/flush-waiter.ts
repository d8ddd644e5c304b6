import type { Gate } from './gate.ts';
import type { HeldPayload, PayloadOwner } from './held-payload.ts';

/**
 * One forceFlush that waits until the payloads taken before it are settled, or waiting is pointless because every gate
 * is shut. Whoever waits for `done` sees to the deadline.
 */
export class FlushWaiter {
  readonly owner: PayloadOwner;
  readonly done: Promise<void>;
  readonly #orderLimit: number;
  readonly #deadline: number;
  #remaining = 0;
  #finish: () => void = () => {};

  /**
   * @param orderLimit the first place in the order that it does not wait for
   * @param deadline monotonic time at which it ends in any case: what can only be sent later is not waited for
   */
  constructor(owner: PayloadOwner, orderLimit: number, deadline: number) {
    this.owner = owner;
    this.#orderLimit = orderLimit;
    this.#deadline = deadline;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** A payload came under this flush: one held when it began, or a part of one. */
  onAdded(held: HeldPayload): void {
    if (this.#covers(held)) this.#remaining += 1;
  }

  onRemoved(held: HeldPayload): void {
    if (this.#covers(held)) this.#remaining -= 1;
  }

  /** Ends the wait if nothing is left to wait for; says whether it did. */
  settleIfOver(gatesInUse: Iterable<Gate>): boolean {
    if (this.#remaining > 0 && ![...gatesInUse].every((gate) => this.#isShut(gate))) return false;
    this.#finish();
    return true;
  }

  /** Ends the wait whatever is left. */
  cancel(): void {
    this.#finish();
  }

  #isShut(gate: Gate): boolean {
    return gate.isShut(this.#deadline) || (this.owner.url === undefined && gate.active === 0);
  }

  #covers(held: HeldPayload): boolean {
    return held.owner === this.owner && held.order < this.#orderLimit;
  }
}
