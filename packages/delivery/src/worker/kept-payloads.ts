import type { Payload } from '../payload.ts';
import type { HandedPayload } from './messages.ts';

/** Payloads that a worker has in memory only, on the side that outlives it. */
export class KeptPayloads {
  /** What the worker has told of, by the ids that it has given. */
  readonly #kept = new Map<number, Payload>();
  /** What a new worker is given and has not told of yet: it may die before. */
  readonly #handed = new Map<number, Payload>();
  #nextName = 1;

  add(id: number, payload: Payload): void {
    this.#kept.set(id, payload);
  }

  remove(id: number): void {
    this.#kept.delete(id);
  }

  /** A new worker is to have all of it, which will give it new ids. */
  handOver(): void {
    const all = [...this.#handed.values(), ...this.#kept.values()].toSorted(byAge);
    this.#handed.clear();
    this.#kept.clear();
    for (const payload of all) this.#handed.set(this.#nextName++, payload);
  }

  /** What the new worker is given of one destination, in order. */
  handedTo(destinationId: string): HandedPayload[] {
    const handed = [...this.#handed].filter(([, payload]) => payload.destinationId === destinationId);
    return handed.map(([name, payload]) => ({ name, payload }));
  }

  onRestored(name: number): void {
    this.#handed.delete(name);
  }

  /** Records of one destination. */
  recordsOf(destinationId: string): number {
    let sum = 0;
    for (const payloads of [this.#kept, this.#handed]) {
      for (const payload of payloads.values()) if (payload.destinationId === destinationId) sum += payload.recordCount;
    }
    return sum;
  }

  /** Gives out all of one destination, oldest first. */
  take(destinationId: string): Payload[] {
    const all = [...this.#handed.values(), ...this.#kept.values()].toSorted(byAge);
    this.forget(destinationId);
    return all.filter((payload) => payload.destinationId === destinationId);
  }

  /** Forgets all of one destination; answers how many records that were. */
  forget(destinationId: string): number {
    const count = this.recordsOf(destinationId);
    for (const payloads of [this.#kept, this.#handed]) {
      for (const [key, payload] of payloads) if (payload.destinationId === destinationId) payloads.delete(key);
    }
    return count;
  }
}

/** Those of one time stay as they are: parts of a payload come behind others of it, which are no older. */
function byAge(a: Payload, b: Payload): number {
  return a.takenAtMillis - b.takenAtMillis;
}
