import { MemoryOutbox } from '../outbox.ts';
import type { Payload } from '../payload.ts';
import type { EventQueue } from './event-queue.ts';
import { copyToShared, toOwn } from './shared-bytes.ts';

/** An outbox in the memory of a worker whose payloads the other thread keeps as well, so that they outlive the worker. */
export class KeptOutbox extends MemoryOutbox {
  readonly #events: EventQueue;

  constructor(maxBytes: number | undefined, events: EventQueue) {
    super(maxBytes === undefined ? {} : { maxBytes });
    this.#events = events;
  }

  override put(id: number, payload: Payload): void {
    const shared = { ...payload, body: copyToShared(payload.body) };
    super.put(id, shared);
    this.#events.add({ kind: 'kept', id, payload: shared });
  }

  override read(id: number): Payload {
    const payload = super.read(id);
    return { ...payload, body: toOwn(payload.body) };
  }

  override remove(id: number): void {
    super.remove(id);
    this.#events.add({ kind: 'forgotten', id });
  }
}
