import type { Outbox } from './outbox.ts';

/** One outbox, with how much of it is in use. */
export class OutboxTier {
  readonly outbox: Outbox;
  #bytes = 0;
  #count = 0;

  constructor(outbox: Outbox) {
    this.outbox = outbox;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether what it holds can be had again when the process has ended. */
  get isDurable(): boolean {
    return this.outbox.writesAhead === true && this.outbox.adopt !== undefined;
  }

  /** Whether a payload is small enough for it at all. */
  canHold(bytes: number): boolean {
    return bytes <= this.outbox.maxBytes;
  }

  hasRoomFor(bytes: number): boolean {
    const { maxBytes, maxPayloads = Infinity } = this.outbox;
    return this.#bytes + bytes <= maxBytes && this.#count < maxPayloads;
  }

  onAdded(bytes: number): void {
    this.#bytes += bytes;
    this.#count += 1;
  }

  onRemoved(bytes: number): void {
    this.#bytes -= bytes;
    this.#count -= 1;
  }
}
