import type { HeldPayload } from './held-payload.ts';
import { payloadBytes } from './outbox.ts';
import type { OutboxTier } from './outbox-tier.ts';
import type { OutboxTiers } from './outbox-tiers.ts';
import type { StoredPayload, Weight } from './payload-store.ts';
import type { Payload } from './payload.ts';

/** What putting without waiting needs of the store. */
interface InstantPutsHost {
  readonly tiers: OutboxTiers;
  takeId(): number;
  /** Says whether there is room now. */
  makeRoom(tier: OutboxTier, weight: Weight, bytes: number): boolean;
  evict(forWeight: Weight, isCandidate: (held: Pick<HeldPayload, 'id'>) => boolean): boolean;
}

/**
 * Puts payloads in without waiting, when a process or a page is about to end. Of an outbox that answers later it is trusted
 * that what has begun will be done; until then, and where it is not, the payloads are here in memory.
 */
export class InstantPuts {
  readonly #host: InstantPutsHost;
  readonly #begun = new Map<number, { readonly payload: Payload; readonly done: Promise<void> }>();

  constructor(host: InstantPutsHost) {
    this.#host = host;
  }

  /** A payload that the outbox has not answered for yet. */
  get(id: number): Payload | undefined {
    return this.#begun.get(id)?.payload;
  }

  /** A payload is needed no more; resolves when the outbox has answered for it, undefined where it has. */
  forget(id: number): Promise<void> | undefined {
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    return begun?.done;
  }

  /** The payloads as they are stored; undefined for each of which it cannot be known that it is there. */
  put(payloads: readonly Payload[]): readonly (StoredPayload | undefined)[] {
    const { main } = this.#host.tiers;
    if (main.outbox.putNow === undefined) return payloads.map((payload) => this.#putOne(main, payload));
    // Also where it has failed just now: there may be no later chance.
    const stored = payloads.map((payload) => this.#reserve(main, payload));
    this.#begin(stored.filter((one) => one !== undefined));
    return stored;
  }

  #reserve(tier: OutboxTier, payload: Payload): StoredPayload | undefined {
    const bytes = payloadBytes(payload);
    if (!this.#host.makeRoom(tier, payload, bytes)) return undefined;
    const id = this.#host.takeId();
    this.#host.tiers.onAdded(tier, id, bytes);
    return { id, bytes, payload };
  }

  #putOne(tier: OutboxTier, payload: Payload): StoredPayload | undefined {
    const stored = this.#reserve(tier, payload);
    if (stored === undefined) return undefined;
    try {
      const taken = tier.outbox.put(stored.id, payload);
      if (taken === undefined) return stored;
      taken.catch(() => {});
    } catch (error) {
      this.#host.tiers.onMainFailed(error);
    }
    this.#host.tiers.onRemoved(stored.id, stored.bytes);
    return undefined;
  }

  #begin(stored: readonly StoredPayload[]): void {
    if (stored.length === 0) return;
    try {
      const put = this.#host.tiers.main.outbox.putNow?.(new Map(stored.map(({ id, payload }) => [id, payload])));
      const done = this.#confirm(stored, put);
      for (const { id, payload } of stored) this.#begun.set(id, { payload, done });
    } catch (error) {
      this.#host.tiers.onMainFailed(error);
      for (const one of stored) void this.#moveToFallback(one);
    }
  }

  async #confirm(stored: readonly StoredPayload[], put: Promise<void> | undefined): Promise<void> {
    try {
      await put;
    } catch (error) {
      this.#host.tiers.onMainFailed(error);
      for (const one of stored) if (this.#begun.has(one.id)) await this.#moveToFallback(one);
    }
    for (const { id } of stored) this.#begun.delete(id);
  }

  async #moveToFallback({ id, bytes, payload }: StoredPayload): Promise<void> {
    const { tiers } = this.#host;
    const { fallback } = tiers;
    if (fallback === undefined || !this.#host.makeRoom(fallback, payload, bytes)) {
      this.#host.evict({ highestSeverity: Infinity }, (held) => held.id === id);
      return;
    }
    tiers.onRemoved(id, bytes);
    tiers.onAdded(fallback, id, bytes);
    await fallback.outbox.put(id, payload);
  }
}
