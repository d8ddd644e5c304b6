import type { Backend } from './backend.ts';
import type { Compressor, ContentEncoding } from './compression.ts';
import type { HeldPayload } from './held-payload.ts';
import { type Outbox, payloadBytes } from './outbox.ts';
import { type EncodedPayload, type Payload, PAYLOAD_SCHEMA_VERSION } from './payload.ts';

/** A payload that the outbox has taken. */
export interface StoredPayload {
  readonly id: number;
  readonly bytes: number;
  readonly payload: Payload;
}

/** What a payload is weighed by when the outbox is full. */
export type Weight = Pick<Payload, 'highestSeverity'>;

/**
 * Puts payloads into the outbox, compressed, within its bound, and takes them out again. Who must make room is decided
 * by `evict`: it drops one payload that weighs no more than the new one, or says that there is none.
 */
export class PayloadStore {
  readonly #outbox: Outbox;
  readonly #compressor: Compressor;
  readonly #evict: (forWeight: Weight) => boolean;
  #bytes = 0;
  #nextId = 1;

  constructor(outbox: Outbox, compressor: Compressor, evict: (forWeight: Weight) => boolean) {
    this.#outbox = outbox;
    this.#compressor = compressor;
    this.#evict = evict;
  }

  /** Whether an export may be answered only once its payloads are in the outbox. */
  get writesAhead(): boolean {
    return this.#outbox.writesAhead === true;
  }

  /** Bytes held, as {@link payloadBytes} counts them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Compresses a body; where that fails, the body goes as it is. */
  async compress(encoded: EncodedPayload, { id, compressor = this.#compressor }: Backend): Promise<Payload> {
    try {
      return toPayload(encoded, id, await compressor.compress(encoded.body), compressor.contentEncoding);
    } catch {
      return toPayload(encoded, id, encoded.body, undefined);
    }
  }

  /** Puts a payload in; undefined where there is no room for it. Rejects where the outbox does. */
  async put(payload: Payload): Promise<StoredPayload | undefined> {
    const bytes = payloadBytes(payload);
    if (bytes > this.#outbox.maxBytes) return undefined;
    while (this.#bytes + bytes > this.#outbox.maxBytes) if (!this.#evict(payload)) return undefined;
    return this.#put(payload, bytes);
  }

  /** Puts in a part of a payload that is still here: the whole leaves next, so that nothing has to make room. */
  putBeside(payload: Payload): Promise<StoredPayload> {
    return this.#put(payload, payloadBytes(payload));
  }

  read(held: Pick<HeldPayload, 'id'>): Payload | Promise<Payload> {
    return this.#outbox.read(held.id);
  }

  /** The payload as it was encoded, to be cut in pieces. */
  async readEncoded(held: Pick<HeldPayload, 'id' | 'owner'>): Promise<EncodedPayload> {
    const payload = await this.read(held);
    const { compressor = this.#compressor } = held.owner.backend;
    const body = payload.contentEncoding === undefined ? payload.body : await compressor.expand(payload.body);
    return { ...payload, body };
  }

  async remove(held: Pick<StoredPayload, 'id' | 'bytes'>): Promise<void> {
    this.#bytes -= held.bytes;
    await this.#outbox.remove(held.id);
  }

  flushSync(deadlineMillis: number): void {
    return this.#outbox.flushSync?.(deadlineMillis);
  }

  async close(): Promise<void> {
    await this.#outbox.close();
  }

  async #put(payload: Payload, bytes: number): Promise<StoredPayload> {
    const id = this.#nextId++;
    // Counted before the outbox answers: others that arrive meanwhile must not take the same room.
    this.#bytes += bytes;
    try {
      const taken = this.#outbox.put(id, payload);
      if (taken !== undefined) await taken;
    } catch (error) {
      this.#bytes -= bytes;
      throw error;
    }
    return { id, bytes, payload };
  }
}

function toPayload(
  encoded: EncodedPayload,
  backendId: string,
  body: Uint8Array<ArrayBuffer>,
  contentEncoding: ContentEncoding | undefined,
): Payload {
  const { recordOffsets, highestSeverity, oldestTimeMillis, tenant } = encoded;
  return {
    body,
    contentEncoding,
    recordOffsets,
    recordCount: recordOffsets.length,
    uncompressedBytes: encoded.body.byteLength,
    highestSeverity,
    oldestTimeMillis,
    tenant,
    backendId,
    schemaVersion: PAYLOAD_SCHEMA_VERSION,
  };
}
