import type { Gate } from './gate.ts';
import type { HeldPayload, PayloadOwner } from './held-payload.ts';

/**
 * One forceFlush that waits until the payloads taken before it are settled, its deadline passes, or waiting is
 * pointless because every gate is shut. Its timer keeps the process alive: somebody is waiting for the answer.
 */
export class FlushWaiter {
  readonly owner: PayloadOwner;
  readonly done: Promise<void>;
  readonly #orderLimit: number;
  readonly #deadline: number;
  #remaining = 0;
  #finish: () => void = () => {};

  constructor(owner: PayloadOwner, orderLimit: number, deadline: number, timeoutMillis: number) {
    this.owner = owner;
    this.#orderLimit = orderLimit;
    this.#deadline = deadline;
    this.done = new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMillis);
      this.#finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
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
    if (this.#remaining > 0 && ![...gatesInUse].every((gate) => gate.isShut(this.#deadline))) return false;
    this.#finish();
    return true;
  }

  /** Ends the wait whatever is left. */
  cancel(): void {
    this.#finish();
  }

  #covers(held: HeldPayload): boolean {
    return held.owner === this.owner && held.order < this.#orderLimit;
  }
}
