interface Held {
  readonly item: number;
  readonly bytes: number;
}

/** What a `ClientBuffer` must hold, done the slow way. */
export class NaiveClientBuffer {
  held: Held[] = [];
  isSending = false;
  sent: number[] = [];
  dropped = 0;
  readonly #maxSize: number;
  readonly #maxBytes: number;

  constructor(maxSize: number, maxBytes: number) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  isHealthy(threshold: number): boolean {
    return this.held.length / this.#maxSize < threshold && this.bytes / this.#maxBytes < threshold;
  }

  enqueue(item: number, bytes: number): void {
    const fixed = this.isSending ? this.held.slice(0, 1) : [];
    const fits = (held: readonly Held[]): boolean =>
      held.length <= this.#maxSize && held.reduce((sum, one) => sum + one.bytes, 0) <= this.#maxBytes;
    if (!fits([...fixed, { item, bytes }])) {
      this.dropped += 1;
      return;
    }
    this.held.push({ item, bytes });
    while (!fits(this.held)) {
      this.held.splice(fixed.length, 1);
      this.dropped += 1;
    }
  }

  /** The first item has left. */
  settle(): void {
    this.sent.push((this.held.shift() as Held).item);
    this.isSending = false;
  }

  reset(): void {
    this.held = [];
    this.isSending = false;
    this.sent = [];
    this.dropped = 0;
  }
}
