import type { Compressor } from './compression.ts';
import type { HeldPayload } from './held-payload.ts';
import { InstantPuts } from './instant-puts.ts';
import { type AdoptedPayload, type Outbox, payloadBytes } from './outbox.ts';
import type { OutboxTier } from './outbox-tier.ts';
import { OutboxTiers } from './outbox-tiers.ts';
import { type EncodedPayload, type Payload, type PayloadOrigin, sealPayload } from './payload.ts';

/** A payload that the outbox has taken. */
export interface StoredPayload {
  readonly id: number;
  readonly bytes: number;
  readonly payload: Payload;
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
  readonly #instant: InstantPuts;
  /** Whose put rejects because it was undone. */
  readonly #withdrawn = new Set<number>();
  #nextId = 1;

  constructor({ outbox, fallback, compressor, now, evict }: PayloadStoreOptions) {
    this.#tiers = new OutboxTiers(outbox, fallback, now);
    this.#compressor = compressor;
    this.#evict = evict;
    this.#instant = new InstantPuts({
      tiers: this.#tiers,
      evict,
      takeId: () => this.takeId(),
      makeRoom: (tier, weight, bytes) => this.#makeRoom(tier, weight, bytes),
    });
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
      return sealPayload(encoded, origin, await compressor.compress(encoded.body), compressor.contentEncoding);
    } catch {
      return sealPayload(encoded, origin, encoded.body, undefined);
    }
  }

  /** The same without waiting, for a process that is about to end; undefined where the protocol wants what needs time. */
  compressNow(encoded: EncodedPayload, origin: PayloadOrigin): Payload | undefined {
    const { compressor: demanded } = origin.owner.backend;
    const compressor = demanded ?? this.#compressor;
    try {
      const body = compressor.compressNow?.(encoded.body);
      if (body !== undefined) return sealPayload(encoded, origin, body, compressor.contentEncoding);
    } catch {
      // As it is, then.
    }
    return demanded === undefined ? sealPayload(encoded, origin, encoded.body, undefined) : undefined;
  }

  /** A name for a payload, for those that have to know it before it is put in. */
  takeId(): number {
    return this.#nextId++;
  }

  /** Puts a payload in; undefined where there is no room for it. Rejects where no outbox can take it, or it was withdrawn. */
  async put(payload: Payload, id: number = this.takeId()): Promise<StoredPayload | undefined> {
    const { main, fallback, isMainDown } = this.#tiers;
    if (fallback !== undefined && isMainDown) return this.#putWithin(fallback, payload, id);
    try {
      const stored = await this.#putWithin(main, payload, id);
      if (stored !== undefined) this.#tiers.onMainWorks();
      return stored;
    } catch (error) {
      if (this.#withdrawn.delete(id) || fallback === undefined) throw error;
      this.#tiers.onMainFailed(error);
      return this.#putWithin(fallback, payload, this.takeId());
    }
  }

  /** Undoes a put that has not resolved; false where it is too late, so that it will be there. */
  withdraw(id: number): boolean {
    const { outbox } = this.#tiers.tierOf(id);
    if (outbox.withdraw === undefined) return true;
    const isWithdrawn = outbox.withdraw(id);
    if (isWithdrawn) this.#withdrawn.add(id);
    return isWithdrawn;
  }

  /** Puts payloads in without waiting; undefined for each of which it cannot be known that it is there. */
  putNow(payloads: readonly Payload[]): readonly (StoredPayload | undefined)[] {
    return this.#instant.put(payloads);
  }

  /** Puts in a part of a payload that is still here: the whole leaves next, so that nothing has to make room. */
  async putBeside(payload: Payload): Promise<StoredPayload> {
    const { main, fallback } = this.#tiers;
    const bytes = payloadBytes(payload);
    try {
      return await this.#put(main, payload, bytes);
    } catch (error) {
      if (fallback === undefined) throw error;
      this.#tiers.onMainFailed(error);
      return this.#put(fallback, payload, bytes);
    }
  }

  read({ id }: Pick<HeldPayload, 'id'>): Payload | Promise<Payload> {
    return this.#instant.get(id) ?? this.#tiers.tierOf(id).outbox.read(id);
  }

  /** The same without waiting: undefined where it takes time. */
  readNow(held: Pick<HeldPayload, 'id'>): Payload | undefined {
    const begun = this.#instant.get(held.id);
    const { outbox } = this.#tiers.tierOf(held.id);
    if (begun !== undefined || outbox.putNow !== undefined) return begun;
    try {
      const payload = outbox.read(held.id);
      if (!(payload instanceof Promise)) return payload;
      payload.catch(() => {});
    } catch {
      // Whoever sends it finds out.
    }
    return undefined;
  }

  /** The payload as it was encoded, to be cut in pieces. */
  async readEncoded(held: Pick<HeldPayload, 'id' | 'owner'>): Promise<EncodedPayload> {
    const payload = await this.read(held);
    const { compressor = this.#compressor } = held.owner.backend;
    const body = payload.contentEncoding === undefined ? payload.body : await compressor.expand(payload.body);
    return { ...payload, body };
  }

  async remove({ id, bytes }: Pick<StoredPayload, 'id' | 'bytes'>): Promise<void> {
    const { outbox } = this.#tiers.onRemoved(id, bytes);
    const begun = this.#instant.forget(id);
    // What is not there yet cannot be removed.
    if (begun !== undefined) await begun;
    await outbox.remove(id);
  }

  /** Whether another page or process sends a payload now. */
  isTakenOver({ id }: Pick<HeldPayload, 'id'>): boolean | Promise<boolean> {
    return this.#tiers.tierOf(id).outbox.isTakenOver?.(id) ?? false;
  }

  /** What ended processes have left in the outbox, as far as there is room for it, after what is held in its place. */
  adopt(accepts: (backendId: string) => boolean): readonly AdoptedPayload[] | Promise<readonly AdoptedPayload[]> {
    const { main } = this.#tiers;
    this.#tiers.moveBack();
    const { outbox, bytes, count } = main;
    const maxBytes = outbox.maxBytes - bytes;
    const maxPayloads = (outbox.maxPayloads ?? Infinity) - count;
    const adopted = outbox.adopt?.({ accepts, maxBytes, maxPayloads, isEmpty: count === 0 }) ?? [];
    const onAdopted = (payloads: readonly AdoptedPayload[]): readonly AdoptedPayload[] => {
      for (const payload of payloads) main.onAdded(payload.bytes);
      return payloads;
    };
    return adopted instanceof Promise ? adopted.then(onAdopted) : onAdopted(adopted);
  }

  flushSync(deadlineMillis: number): void {
    return this.#tiers.main.outbox.flushSync?.(deadlineMillis);
  }

  async close(): Promise<void> {
    await this.#tiers.close();
  }

  async #putWithin(tier: OutboxTier, payload: Payload, id: number): Promise<StoredPayload | undefined> {
    const bytes = payloadBytes(payload);
    return this.#makeRoom(tier, payload, bytes) ? this.#put(tier, payload, bytes, id) : undefined;
  }

  #makeRoom(tier: OutboxTier, weight: Weight, bytes: number): boolean {
    if (!tier.canHold(bytes)) return false;
    while (!tier.hasRoomFor(bytes)) {
      if (!this.#evict(weight, ({ id }) => this.#tiers.tierOf(id) === tier)) return false;
    }
    return true;
  }

  async #put(tier: OutboxTier, payload: Payload, bytes: number, id: number = this.takeId()): Promise<StoredPayload> {
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
