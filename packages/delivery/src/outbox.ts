import { checkInteger, checkOptions } from '@spillway/core';

import type { WorkerDelivery } from './delivery-options.ts';
import type { Payload } from './payload.ts';

/**
 * Where payloads wait until a backend has stored them. It holds bytes and knows nothing of order, retry or eviction:
 * those are Delivery's. Any method may be asynchronous, so that a file, a database or another thread can stand behind it.
 */
export interface Outbox {
  /** Bytes it may hold, as {@link payloadBytes} counts them. */
  readonly maxBytes: number;
  /** Payloads it may hold, however small. @defaultValue Infinity */
  readonly maxPayloads?: number;
  /** Time a payload may wait, in milliseconds, where the delivery is not given another. @defaultValue no opinion */
  readonly maxAgeMillis?: number;
  /**
   * Whether what it holds outlives the process, so that `export` may report success only once `put` has resolved, and what
   * is left at shutdown stays held.
   * @defaultValue false
   */
  readonly writesAhead?: boolean;
  /** Brings a worker to be used from, unless the delivery is given another. @defaultValue none */
  readonly worker?: WorkerDelivery | undefined;
  /** What a worker makes its own of it from; undefined where it can be used on this thread only. */
  readonly recipe?: OutboxRecipe;
  /**
   * Takes a payload; once this returns or resolves, the payload is the outbox's responsibility. Throws or rejects where it
   * cannot take it; what was put before stays.
   */
  put(id: number, payload: Payload): void | Promise<void>;
  /**
   * Begins to take several payloads in one go, before it returns, so that they are kept even where this thread ends right
   * after; the caller keeps their bytes until it resolves. Throws or rejects where it takes none of them. Absent where
   * `put` needs no time.
   */
  putNow?(payloads: ReadonlyMap<number, Payload>): Promise<void>;
  /**
   * Undoes a `put` that has not resolved, which rejects then; false where it is too late, so that it will be there. Present
   * wherever {@link putNow} is: what is put at the last moment would otherwise be there twice.
   */
  withdraw?(id: number): boolean;
  /**
   * The payload put under `id`, identical to the byte.
   * @throws LostPayloadError where it is gone or damaged, for good
   * @throws TakenOverPayloadError where another page or process sends it now
   */
  read(id: number): Payload | Promise<Payload>;
  /** Whether `read` would throw a {@link TakenOverPayloadError}. @defaultValue never */
  isTakenOver?(id: number): boolean | Promise<boolean>;
  /** Forgets a payload: it is stored elsewhere now, or dropped. One that was taken over stays where it is. */
  remove(id: number): void | Promise<void>;
  /**
   * Takes over payloads that processes have left behind which have ended: whole stores, oldest first, as many as there is
   * room for. Asked again and again, not before it has answered; never throws or rejects. Absent where nothing outlives a
   * process.
   */
  adopt?(request: AdoptionRequest): readonly AdoptedPayload[] | Promise<readonly AdoptedPayload[]>;
  /** Makes what was put durable before the process ends, within the deadline; absent where nothing can be done. */
  flushSync?(deadlineMillis: number): void;
  /** Releases what the outbox uses. What it still holds stays where it is: in memory, that is lost. */
  close(): void | Promise<void>;
}

/** An outbox as a worker can make it: of options that can be sent there. */
export type OutboxRecipe =
  | { readonly kind: 'memory'; readonly maxBytes: number }
  | { readonly kind: 'file'; readonly options: object; readonly fileName: string };

/** What a delivery would take over now. */
export interface AdoptionRequest {
  /** Whether payloads of this backend can be sent from here; all others stay where they are. */
  readonly accepts: (backendId: string) => boolean;
  /** Bytes there is room for, as {@link payloadBytes} counts them. A store that is larger waits, unless `isEmpty`. */
  readonly maxBytes: number;
  /** Payloads there is room for. */
  readonly maxPayloads: number;
  /** Whether nothing is held: then a store is taken over, however large it is. */
  readonly isEmpty: boolean;
}

/** A payload that was found in a store, without its bytes. */
export interface AdoptedPayload extends Omit<Payload, 'body' | 'recordOffsets'> {
  /** Its name in this outbox from now on: negative, so that it is none that a delivery gives. */
  readonly id: number;
  /** Size of its body, as it goes over the wire. */
  readonly wireBytes: number;
  /** What it counts for, as {@link payloadBytes} does. */
  readonly bytes: number;
  /** Whether it was put by this process, through an outbox that has ended since: no ledger counts it anew. */
  readonly isOwn: boolean;
}

/** Says that a payload is gone or damaged: to ask for it again is pointless. */
export class LostPayloadError extends Error {
  override readonly name = 'LostPayloadError';
}

/** Says that a payload is in the hands of another page or process: it is no longer for this one to send or to count. */
export class TakenOverPayloadError extends Error {
  override readonly name = 'TakenOverPayloadError';
}

/** Heap that a held payload costs besides its bytes: its entry, its place in the order, its buffers' headers. */
const PAYLOAD_OVERHEAD_BYTES = 512;

/** What a payload counts for against {@link Outbox.maxBytes}. */
export function payloadBytes({ body, recordOffsets }: SizedPayload): number {
  return body.byteLength + recordOffsets.byteLength + PAYLOAD_OVERHEAD_BYTES;
}

/** A payload, or what is known of the size of one. */
interface SizedPayload {
  readonly body: { readonly byteLength: number };
  readonly recordOffsets: { readonly byteLength: number };
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
  readonly recipe: OutboxRecipe;
  readonly #payloads = new Map<number, Payload>();

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: MemoryOutboxOptions = {}) {
    checkOptions(options);
    this.maxBytes = checkInteger('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, { min: 1024 });
    this.recipe = { kind: 'memory', maxBytes: this.maxBytes };
  }

  put(id: number, payload: Payload): void {
    this.#payloads.set(id, payload);
  }

  read(id: number): Payload {
    const payload = this.#payloads.get(id);
    if (payload === undefined) throw new LostPayloadError(`The outbox holds no payload ${id}.`);
    return payload;
  }

  remove(id: number): void {
    this.#payloads.delete(id);
  }

  close(): void {
    this.#payloads.clear();
  }
}
