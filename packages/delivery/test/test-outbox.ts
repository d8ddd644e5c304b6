import { MemoryOutbox, type MemoryOutboxOptions, type Outbox, type Payload } from '@spillway/delivery';
import { nextTurn } from './test-clock.ts';

/** A memory outbox that is waited for: once an export is answered, its payloads are there, and requests have begun. */
export function writeAheadOutbox(options?: MemoryOutboxOptions): MemoryOutbox {
  return Object.assign(new MemoryOutbox(options), { writesAhead: true });
}

/** An outbox in which everything takes a few turns of the event loop, as on a disk. */
export class SlowOutbox implements Outbox {
  readonly maxBytes: number;
  readonly writesAhead = true;
  readonly payloads: Map<number, Payload> = new Map();

  constructor(maxBytes: number = 32 * 1024 * 1024) {
    this.maxBytes = maxBytes;
  }

  async put(id: number, payload: Payload): Promise<void> {
    await nextTurn();
    this.payloads.set(id, payload);
  }

  async read(id: number): Promise<Payload> {
    await nextTurn();
    const payload = this.payloads.get(id);
    if (payload === undefined) throw new Error(`There is no payload ${id}.`);
    return payload;
  }

  async remove(id: number): Promise<void> {
    await nextTurn();
    this.payloads.delete(id);
  }

  async close(): Promise<void> {
    await nextTurn();
  }
}
