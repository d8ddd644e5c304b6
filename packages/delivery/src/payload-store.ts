import type { Compressor, ContentEncoding } from './compression.ts';
import type { HeldPayload, PayloadOwner } from './held-payload.ts';
import { type AdoptedPayload, type Outbox, payloadBytes } from './outbox.ts';
import type { OutboxTier } from './outbox-tier.ts';
import { OutboxTiers } from './outbox-tiers.ts';
import { type EncodedPayload, type Payload, PAYLOAD_SCHEMA_VERSION } from './payload.ts';

/** A payload that the outbox has taken. */
export interface StoredPayload {
  readonly id: number;
  readonly bytes: number;
  readonly payload: Payload;
}

/** Whose payload it is, and since when. */
export interface PayloadOrigin {
  readonly owner: Pick<PayloadOwner, 'backend' | 'destinationId'>;
  readonly takenAtMillis: number;
}

/** What a payload is weighed by when the outbox is full. */
export type Weight = Pick<Payload, 'highestSeverity'>;

export interface PayloadStoreOptions {
  readonly outbox: Outbox;
  /** Holds what a durable outbox cannot take now. @defaultValue a {@link MemoryOutbox} of 32 MiB */
  readonly fallback?: Outbox | undefined;
  readonly compressor: Compressor;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /**
   * Drops one payload that weighs no more than the new one, out of those that are accepted as victims, or says that there
   * is none.
   */
  readonly evict: (forWeight: Weight, isCandidate: (held: Pick<HeldPayload, 'id'>) => boolean) => boolean;
}

/** Puts payloads into the outbox, compressed, within its bound, and takes them out again. */
export class PayloadStore {
  readonly #tiers: OutboxTiers;
  readonly #compressor: Compressor;
  readonly #evict: PayloadStoreOptions['evict'];
  #nextId = 1;

  constructor({ outbox, fallback, compressor, now, evict }: PayloadStoreOptions) {
    this.#tiers = new OutboxTiers(outbox, fallback, now);
    this.#compressor = compressor;
    this.#evict = evict;
  }

  /** Whether an export may be answered only once its payloads are in the outbox. */
  get writesAhead(): boolean {
    return this.#tiers.main.outbox.writesAhead === true;
  }

  /** Bytes held, as {@link payloadBytes} counts them. */
  get bytes(): number {
    return this.#tiers.bytes;
  }

  /** Whether a payload can be had again when the process has ended. */
  outlives({ id }: Pick<HeldPayload, 'id'>): boolean {
    return this.#tiers.tierOf(id).isDurable;
  }

  /** Compresses a body; where that fails, the body goes as it is. */
  async compress(encoded: EncodedPayload, origin: PayloadOrigin): Promise<Payload> {
    const { compressor = this.#compressor } = origin.owner.backend;
    try {
      return toPayload(encoded, origin, await compressor.compress(encoded.body), compressor.contentEncoding);
    } catch {
      return toPayload(encoded, origin, encoded.body, undefined);
    }
  }

  /** The same without waiting, for a process that is about to end; undefined where the protocol wants what needs time. */
  compressNow(encoded: EncodedPayload, origin: PayloadOrigin): Payload | undefined {
    const { compressor: demanded } = origin.owner.backend;
    const compressor = demanded ?? this.#compressor;
    try {
      const body = compressor.compressNow?.(encoded.body);
      if (body !== undefined) return toPayload(encoded, origin, body, compressor.contentEncoding);
    } catch {
      // As it is, then.
    }
    return demanded === undefined ? toPayload(encoded, origin, encoded.body, undefined) : undefined;
  }

  /** Puts a payload in; undefined where there is no room for it. Rejects where no outbox can take it. */
  async put(payload: Payload): Promise<StoredPayload | undefined> {
    const { main, fallback, isMainDown } = this.#tiers;
    if (fallback === undefined) return this.#putWithin(main, payload);
    if (isMainDown) return this.#putWithin(fallback, payload);
    try {
      const stored = await this.#putWithin(main, payload);
      if (stored !== undefined) this.#tiers.onMainWorks();
      return stored;
    } catch (error) {
      this.#tiers.onMainFailed(error);
      return this.#putWithin(fallback, payload);
    }
  }

  /** Puts a payload in without waiting; undefined where it cannot be known that it is there. */
  putNow(payload: Payload): StoredPayload | undefined {
    const { main } = this.#tiers;
    const bytes = payloadBytes(payload);
    if (!this.#makeRoom(main, payload, bytes)) return undefined;
    const id = this.#nextId++;
    try {
      const taken = main.outbox.put(id, payload);
      if (taken !== undefined) {
        taken.catch(() => {});
        return undefined;
      }
    } catch (error) {
      this.#tiers.onMainFailed(error);
      return undefined;
    }
    this.#tiers.onAdded(main, id, bytes);
    return { id, bytes, payload };
  }

  /** Puts in a part of a payload that is still here: the whole leaves next, so that nothing has to make room. */
  async putBeside(payload: Payload): Promise<StoredPayload> {
    const { main, fallback } = this.#tiers;
    const bytes = payloadBytes(payload);
    if (fallback === undefined) return this.#put(main, payload, bytes);
    try {
      return await this.#put(main, payload, bytes);
    } catch (error) {
      this.#tiers.onMainFailed(error);
      return this.#put(fallback, payload, bytes);
    }
  }

  read({ id }: Pick<HeldPayload, 'id'>): Payload | Promise<Payload> {
    return this.#tiers.tierOf(id).outbox.read(id);
  }

  /** The payload as it was encoded, to be cut in pieces. */
  async readEncoded(held: Pick<HeldPayload, 'id' | 'owner'>): Promise<EncodedPayload> {
    const payload = await this.read(held);
    const { compressor = this.#compressor } = held.owner.backend;
    const body = payload.contentEncoding === undefined ? payload.body : await compressor.expand(payload.body);
    return { ...payload, body };
  }

  async remove({ id, bytes }: Pick<StoredPayload, 'id' | 'bytes'>): Promise<void> {
    await this.#tiers.onRemoved(id, bytes).outbox.remove(id);
  }

  /** What ended processes have left in the outbox, as far as there is room for it, after what is held in its place. */
  adopt(accepts: (backendId: string) => boolean): readonly AdoptedPayload[] {
    const { main } = this.#tiers;
    this.#tiers.moveBack();
    const { outbox, bytes, count } = main;
    const maxBytes = outbox.maxBytes - bytes;
    const maxPayloads = (outbox.maxPayloads ?? Infinity) - count;
    const adopted = outbox.adopt?.({ accepts, maxBytes, maxPayloads, isEmpty: count === 0 }) ?? [];
    for (const payload of adopted) main.onAdded(payload.bytes);
    return adopted;
  }

  flushSync(deadlineMillis: number): void {
    return this.#tiers.main.outbox.flushSync?.(deadlineMillis);
  }

  async close(): Promise<void> {
    await this.#tiers.close();
  }

  async #putWithin(tier: OutboxTier, payload: Payload): Promise<StoredPayload | undefined> {
    const bytes = payloadBytes(payload);
    return this.#makeRoom(tier, payload, bytes) ? this.#put(tier, payload, bytes) : undefined;
  }

  #makeRoom(tier: OutboxTier, weight: Weight, bytes: number): boolean {
    if (!tier.canHold(bytes)) return false;
    while (!tier.hasRoomFor(bytes)) {
      if (!this.#evict(weight, ({ id }) => this.#tiers.tierOf(id) === tier)) return false;
    }
    return true;
  }

  async #put(tier: OutboxTier, payload: Payload, bytes: number): Promise<StoredPayload> {
    const id = this.#nextId++;
    // Counted before the outbox answers: others that arrive meanwhile must not take the same room.
    this.#tiers.onAdded(tier, id, bytes);
    try {
      const taken = tier.outbox.put(id, payload);
      if (taken !== undefined) await taken;
    } catch (error) {
      this.#tiers.onRemoved(id, bytes);
      throw error;
    }
    return { id, bytes, payload };
  }
}

function toPayload(
  encoded: EncodedPayload,
  { owner, takenAtMillis }: PayloadOrigin,
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
    backendId: owner.backend.id,
    destinationId: owner.destinationId,
    takenAtMillis,
    schemaVersion: PAYLOAD_SCHEMA_VERSION,
  };
}
