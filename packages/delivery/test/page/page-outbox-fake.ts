import { LostPayloadError, type Outbox, type Payload, TakenOverPayloadError } from '@spillway/delivery';

/** An outbox that takes payloads at the last moment when a test says so, and may lose them to another page. */
export class PageOutboxFake implements Outbox {
  readonly maxBytes: number = 1024 * 1024;
  readonly writesAhead = true;
  readonly rows: Map<number, Payload> = new Map();
  isTaken = false;
  /** Payloads that were put at the last moment. */
  lastCount = 0;
  #answer: ((error?: Error) => void) | undefined;

  /** Whether a put takes until the end of the page, and then may be undone. */
  isSlow = false;
  isCommitting = false;
  readonly #withdraw = new Map<number, () => void>();

  async put(id: number, payload: Payload): Promise<void> {
    if (this.isSlow)
      await new Promise<void>((_, reject) => this.#withdraw.set(id, () => reject(new Error('withdrawn'))));
    this.rows.set(id, payload);
  }

  get isPutting(): boolean {
    return this.#withdraw.size > 0;
  }

  withdraw(id: number): boolean {
    if (!this.isCommitting) this.#withdraw.get(id)?.();
    return !this.isCommitting;
  }

  putNow(payloads: ReadonlyMap<number, Payload>): Promise<void> {
    this.lastCount += payloads.size;
    return new Promise((resolve, reject) => {
      this.#answer = (error) => {
        if (error !== undefined) return reject(error);
        for (const [id, payload] of payloads) this.rows.set(id, payload);
        resolve();
      };
    });
  }

  /** What has begun is done, or not. */
  answer(error?: Error): void {
    this.#answer?.(error);
  }

  async read(id: number): Promise<Payload> {
    if (this.isTaken) throw new TakenOverPayloadError(`Taken: ${id}.`);
    const payload = this.rows.get(id);
    if (payload === undefined) throw new LostPayloadError(`Lost: ${id}.`);
    return payload;
  }

  async isTakenOver(): Promise<boolean> {
    return this.isTaken;
  }

  async remove(id: number): Promise<void> {
    if (!this.isTaken) this.rows.delete(id);
  }

  adopt(): Promise<[]> {
    return Promise.resolve([]);
  }

  close(): void {}
}
