import type { Batch } from './batch.ts';

/**
 * Batches that failed and wait for another try, in the order they will be sent: those of the immediate lane first, then
 * those of the batch lane, each in the order they left the queue. It never holds more than a few.
 */
export class RetryList {
  readonly #batches: Batch[] = [];
  #recordCount = 0;
  #fallbackCount = 0;

  get size(): number {
    return this.#batches.length;
  }

  /** Records of all waiting batches. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Waiting batches that came from the immediate lane. */
  get fallbackCount(): number {
    return this.#fallbackCount;
  }

  add(batch: Batch): void {
    const next = this.#batches.findIndex((other) => isBefore(batch, other));
    this.#batches.splice(next < 0 ? this.#batches.length : next, 0, batch);
    this.#count(batch, 1);
  }

  /** Takes the batch to be sent next. */
  shift(): Batch | undefined {
    const batch = this.#batches.shift();
    if (batch !== undefined) this.#count(batch, -1);
    return batch;
  }

  #count(batch: Batch, sign: 1 | -1): void {
    this.#recordCount += sign * batch.records.length;
    if (batch.isFallback) this.#fallbackCount += sign;
  }
}

function isBefore(batch: Batch, other: Batch): boolean {
  return batch.isFallback === other.isFallback ? batch.order < other.order : batch.isFallback;
}
