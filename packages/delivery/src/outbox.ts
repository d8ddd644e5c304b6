import { checkInteger, checkOptions } from '@spillway/core';

import type { Payload } from './payload.ts';

/**
 * Where payloads wait until a backend has stored them. It holds bytes and knows nothing of order, retry or eviction:
 * those are Delivery's. Any method may be asynchronous, so that a file, a database or another thread can stand behind it.
 */
export interface Outbox {
  /** Bytes it may hold, as {@link payloadBytes} counts them. */
  readonly maxBytes: number;
  /**
   * Whether what it holds outlives the process, so that `export` may report success only once `put` has resolved.
   * @defaultValue false
   */
  readonly writesAhead?: boolean;
  /** Takes a payload; once this returns or resolves, the payload is the outbox's responsibility. */
  put(id: number, payload: Payload): void | Promise<void>;
  /** The payload put under `id`, identical to the byte. */
  read(id: number): Payload | Promise<Payload>;
  /** Forgets a payload: it is stored elsewhere now, or dropped. */
  remove(id: number): void | Promise<void>;
  /** Makes what was put durable before the process ends, within the deadline; absent where nothing can be done. */
  flushSync?(deadlineMillis: number): void;
  /** Releases what the outbox uses. What it still holds stays where it is: in memory, that is lost. */
  close(): void | Promise<void>;
}

/** Heap that a held payload costs besides its bytes: its entry, its place in the order, its buffers' headers. */
const PAYLOAD_OVERHEAD_BYTES = 512;

/** What a payload counts for against {@link Outbox.maxBytes}. */
export function payloadBytes(payload: Payload): number {
  return payload.body.byteLength + payload.recordOffsets.byteLength + PAYLOAD_OVERHEAD_BYTES;
}

export interface MemoryOutboxOptions {
  /**
   * Bytes it may hold; a record takes 30 to 50 of them. Raise it to ride out longer outages.
   * @defaultValue 33554432 (32 MiB: about a million records)
   */
  readonly maxBytes?: number;
}

/** About a million records, an amount of memory that any Node service can spare. */
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

/** An outbox in memory: fast, and lost with the process. */
export class MemoryOutbox implements Outbox {
  readonly maxBytes: number;
  readonly #payloads = new Map<number, Payload>();

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: MemoryOutboxOptions = {}) {
    checkOptions(options);
    this.maxBytes = checkInteger('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, { min: 1024 });
  }

  put(id: number, payload: Payload): void {
    this.#payloads.set(id, payload);
  }

  read(id: number): Payload {
    const payload = this.#payloads.get(id);
    if (payload === undefined) throw new Error(`The outbox holds no payload ${id}.`);
    return payload;
  }

  remove(id: number): void {
    this.#payloads.delete(id);
  }

  close(): void {
    this.#payloads.clear();
  }
}
