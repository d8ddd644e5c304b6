import type { Stage } from '../carrier.ts';
import type { EncodedPayload } from '../payload.ts';

/** Payloads on their way to a worker. */
export class WorkerStage implements Stage {
  readonly recordCount: number;
  /** Whether the records are in the ledger. */
  isAccepted = false;
  /** Whether there was no room for it. */
  isRefused = false;
  #isStored = false;
  #callbacks: (() => void)[] = [];

  constructor(payloads: readonly EncodedPayload[]) {
    this.recordCount = payloads.reduce((sum, { recordOffsets }) => sum + recordOffsets.length, 0);
  }

  onStored(callback: () => void): void {
    if (this.#isStored) callback();
    else this.#callbacks.push(callback);
  }

  /** An outbox has answered for it. */
  settle(): void {
    this.#isStored = true;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback();
  }
}
