import { ThrottledDiag } from '@spillway/core';

import { MemoryOutbox, type Outbox } from './outbox.ts';
import { OutboxTier } from './outbox-tier.ts';

/** A disk that has failed is asked again after this time: often enough for its owner, too rarely to slow anything down. */
const RETRY_MILLIS = 1000;
/** So often an operator is told that it still fails. */
const DIAG_INTERVAL_MILLIS = 60_000;

/**
 * An outbox, and beside one that outlives the process memory with a bound of its own, for what it cannot take. When it
 * works again, what is in memory moves there.
 */
export class OutboxTiers {
  readonly main: OutboxTier;
  /** Undefined where the outbox itself is as little durable as memory. */
  readonly fallback: OutboxTier | undefined;
  readonly #now: () => number;
  readonly #diag: ThrottledDiag;
  /** Bytes of what is in the fallback, by id. */
  readonly #inFallback = new Map<number, number>();
  #failedAt: number | undefined;
  #isMoving = false;

  /** @param now monotonic clock in milliseconds */
  constructor(outbox: Outbox, fallback: Outbox | undefined, now: () => number) {
    this.main = new OutboxTier(outbox);
    this.fallback = this.main.isDurable ? new OutboxTier(fallback ?? new MemoryOutbox()) : undefined;
    this.#now = now;
    this.#diag = new ThrottledDiag({ namespace: '@spillway/delivery', intervalMillis: DIAG_INTERVAL_MILLIS, now });
  }

  get bytes(): number {
    return this.main.bytes + (this.fallback?.bytes ?? 0);
  }

  /** Whether the main one has failed just now, so that asking it again is in vain. */
  get isMainDown(): boolean {
    return this.#failedAt !== undefined && this.#now() - this.#failedAt < RETRY_MILLIS;
  }

  tierOf(id: number): OutboxTier {
    return this.#inFallback.has(id) ? (this.fallback as OutboxTier) : this.main;
  }

  onAdded(tier: OutboxTier, id: number, bytes: number): void {
    tier.onAdded(bytes);
    if (tier === this.fallback) this.#inFallback.set(id, bytes);
  }

  /** Says where it was. */
  onRemoved(id: number, bytes: number): OutboxTier {
    const tier = this.tierOf(id);
    tier.onRemoved(bytes);
    this.#inFallback.delete(id);
    return tier;
  }

  onMainFailed(error: unknown): void {
    this.#failedAt = this.#now();
    this.#diag.error('outbox', 'The outbox cannot take payloads; until it can, they are held in memory', error);
  }

  onMainWorks(): void {
    if (this.#failedAt === undefined) return;
    this.#failedAt = undefined;
    this.#diag.info('outbox works', 'The outbox takes payloads again.');
    void this.#moveToMain();
  }

  /** Moves what waits in memory, where the main one may work again; nothing new may come that would find out. */
  moveBack(): void {
    if (this.#inFallback.size > 0 && !this.isMainDown) void this.#moveToMain();
  }

  async close(): Promise<void> {
    await this.fallback?.outbox.close();
    await this.main.outbox.close();
  }

  /** What waits in memory would be lost with the process: as much of it as there is room for moves. */
  async #moveToMain(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    try {
      for (const [id, bytes] of this.#inFallback) {
        if (!this.main.hasRoomFor(bytes)) break;
        await this.#move(id, bytes);
        this.onMainWorks();
      }
    } catch (error) {
      this.onMainFailed(error);
    } finally {
      this.#isMoving = false;
    }
  }

  async #move(id: number, bytes: number): Promise<void> {
    const fallback = this.fallback as OutboxTier;
    await this.main.outbox.put(id, await fallback.outbox.read(id));
    if (this.#inFallback.delete(id)) {
      fallback.onRemoved(bytes);
      this.main.onAdded(bytes);
      await fallback.outbox.remove(id);
    } else {
      // It was delivered meanwhile.
      await this.main.outbox.remove(id);
    }
  }
}
