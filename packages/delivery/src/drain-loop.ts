import { ConcurrencyLimiter, TokenBucket } from '@spillway/concurrency';
import { type Deadline, workUntilDeadline } from '@spillway/core';
import { startTimer } from '@spillway/retry';

import { attempt } from './attempt.ts';
import { createCompressor } from './compression.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import { FlushWaiter } from './flush-waiter.ts';
import { type HeldPayload, holdPayload, type PayloadHead, type PayloadOwner } from './held-payload.ts';
import { HeldPayloads } from './held-payloads.ts';
import { LostPayloadError, type Outbox } from './outbox.ts';
import type { Payload } from './payload.ts';
import { PayloadStore, type PayloadStoreOptions, type StoredPayload, type Weight } from './payload-store.ts';
import { Settlement } from './settlement.ts';
import type { Outcome } from './verdict.ts';
import { namedError } from './named-error.ts';

/**
 * Sends what the outbox holds, and is the only place that retries: pick a payload, pass its gate, take a slot, send,
 * judge, settle. It sleeps until something changes: a payload arrives, an attempt ends, a wait is over, a flush begins.
 */
export class DrainLoop {
  readonly #options: ResolvedDeliveryOptions;
  readonly #limiter: ConcurrencyLimiter;
  readonly #bucket: TokenBucket | undefined;
  readonly #held: HeldPayloads;
  readonly #settlement: Settlement;
  readonly #flushes = new Set<FlushWaiter>();
  readonly #closing = new AbortController();
  #nextOrder = 0;
  #firstOrder = 0;
  /** When the limit of bytes per second lets the next payload through; `Infinity` while it holds nothing back. */
  #bandwidthAt = Infinity;
  #cancelWake: () => void = () => {};
  readonly store: PayloadStore;

  /** @param fallback holds what a durable outbox cannot take now */
  constructor(options: ResolvedDeliveryOptions, fallback?: Outbox) {
    const { maxBytesPerSecond, outbox, now } = options;
    this.#options = options;
    this.#limiter = new ConcurrencyLimiter(options.maxConcurrentRequests);
    this.#bucket = maxBytesPerSecond === undefined ? undefined : new TokenBucket({ ratePerSecond: maxBytesPerSecond });
    this.#held = new HeldPayloads(options.backoff, options.maxConcurrentRequests);
    const compressor = createCompressor(options.compression);
    const evict: PayloadStoreOptions['evict'] = (weight, isCandidate) => this.#evict(weight, isCandidate);
    this.store = new PayloadStore({ outbox, fallback, compressor, now, evict });
    this.#settlement = new Settlement(options, this.store, {
      remove: (held) => this.#remove(held),
      add: (held) => this.#add(held),
      wait: (held, until) => this.#held.wait(held, until),
    });
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Requests under way. */
  get activeCount(): number {
    return this.#limiter.activeCount;
  }

  /** How large requests to this endpoint and tenant may be: 1, or a half, a quarter ... after repeated 429. */
  sizeRatio(url: string | undefined, tenant: string | undefined): number {
    return this.#held.gateFor(url, tenant).sizeRatio;
  }

  /** The place in the order of sending that is given out next. */
  get nextOrder(): number {
    return this.#nextOrder;
  }

  /** Gives out places in the order of sending; the first of `count`. */
  reserveOrders(count: number): number {
    const first = this.#nextOrder;
    this.#nextOrder += count;
    return first;
  }

  /** The same in front of all that were given out so far. */
  reserveOrdersBefore(count: number): number {
    this.#firstOrder -= count;
    return this.#firstOrder;
  }

  /** Wall clock, in milliseconds since the epoch. */
  get epochMillis(): number {
    return this.#options.epochNow();
  }

  /** Takes over a payload that is in the outbox. `order` is its place, given when it was encoded. */
  hold(
    owner: PayloadOwner,
    head: PayloadHead,
    { id, bytes }: Pick<StoredPayload, 'id' | 'bytes'>,
    order: number,
  ): void {
    const gate = this.#held.gateFor(owner.url, head.tenant);
    this.#add(holdPayload(head, { owner, id, bytes, gate, order, orderSpan: 1, kinship: { refusedAlone: 0 } }));
  }

  /** Records of an owner that can be had again when the process has ended. */
  durableRecords(owner: PayloadOwner): number {
    const durable = this.#held.of(owner).filter((held) => this.store.outlives(held));
    return durable.reduce((sum, { recordCount }) => sum + recordCount, 0);
  }

  /** The owner's endpoint has changed: what it holds goes there from now on, through another gate. */
  redirect(owner: PayloadOwner): void {
    this.#held.regate(owner);
    this.pump();
  }

  /** Resolves when what the owner has before `orderLimit` is settled, when waiting is pointless, or at the deadline. */
  async flush(owner: PayloadOwner, orderLimit: number, deadline: Deadline): Promise<void> {
    if (this.isClosed) return;
    const waiter = new FlushWaiter(owner, orderLimit, deadline.at);
    for (const held of this.#held.of(owner)) waiter.onAdded(held);
    for (const gate of this.#held.gatesOf(owner)) gate.forceProbe();
    this.#held.endWaits(owner);
    this.#flushes.add(waiter);
    this.pump();
    await workUntilDeadline(deadline, waiter.done);
    this.#flushes.delete(waiter);
  }

  /** Gives up what an owner still has here, attempts under way included. What outlives the process is left where it is. */
  abandon(owner: PayloadOwner): void {
    for (const held of this.#held.of(owner)) {
      if (this.store.outlives(held)) this.#letGo(held);
      else if (this.#remove(held)) owner.onDropped({ count: held.recordCount, reason: 'shutdown' });
    }
    // Its flushes have nothing to wait for any more.
    this.pump();
  }

  /** Ends all attempts and timers. */
  async close(): Promise<void> {
    this.#closing.abort(namedError('AbortError', 'Delivery was shut down.'));
    this.#cancelWake();
    for (const waiter of this.#flushes) waiter.cancel();
    await this.store.close();
  }

  /** Starts every attempt that may start now, and sets the timer for the next one. */
  pump(): void {
    if (this.isClosed) return;
    const now = this.#options.now();
    this.#bandwidthAt = Infinity;
    for (let held = this.#pick(now); held !== undefined; held = this.#pick(now)) this.#start(held, now);
    this.#sleepUntil(Math.min(this.#held.wakeAt(now) ?? Infinity, this.#bandwidthAt), now);
    for (const waiter of this.#flushes) {
      if (waiter.settleIfOver(this.#held.gatesOf(waiter.owner))) this.#flushes.delete(waiter);
    }
  }

  #pick(now: number): HeldPayload | undefined {
    const free = this.#options.maxConcurrentRequests - this.#limiter.activeCount;
    if (free <= 0) return undefined;
    const reserved = this.#options.maxConcurrentRequests > 1 ? 1 : 0;
    const held = this.#held.next(now, this.#options.epochNow(), free <= reserved);
    if (held === undefined || this.#bucket === undefined) return held;
    if (this.#bucket.tryTake(held.wireBytes, now)) return held;
    this.#bandwidthAt = now + Math.max(1, this.#bucket.delayMillisFor(held.wireBytes, now));
    return undefined;
  }

  #start(held: HeldPayload, now: number): void {
    held.admission = held.gate.admit(now);
    // The limiter cannot refuse: a slot was free just now, and nothing else takes slots.
    void this.#limiter.run(() => this.#send(held)).finally(() => this.pump());
  }

  async #send(held: HeldPayload): Promise<void> {
    const startedAt = this.#options.now();
    const outcome = await this.#attempt(held);
    await this.#settlement.settle(held, outcome, this.#options.now() - startedAt);
    this.#held.place(held);
  }

  async #attempt(held: HeldPayload): Promise<Outcome> {
    const { fetch, attemptTimeoutMillis: timeoutMillis } = this.#options;
    let payload: Payload;
    try {
      payload = await this.store.read(held);
    } catch (error) {
      const isLost = error instanceof LostPayloadError;
      const text = isLost ? 'A payload in the outbox is gone or damaged.' : 'The outbox could not give a payload.';
      return { kind: 'unreadable', isLost, error: namedError('OutboxError', text, error) };
    }
    const { url } = held.owner;
    if (url === undefined) return { kind: 'aborted' };
    const request = { url, headers: () => held.owner.headers(payload), body: payload.body };
    return attempt(request, { fetch, timeoutMillis, signal: this.#closing.signal });
  }

  #add(held: HeldPayload): void {
    this.#held.add(held);
    // The halves of a payload come with its gate, and its endpoint may have changed since.
    this.#held.place(held);
    for (const waiter of this.#flushes) waiter.onAdded(held);
  }

  /** Says whether it was there. */
  #letGo(held: HeldPayload): boolean {
    if (!this.#held.remove(held)) return false;
    for (const waiter of this.#flushes) waiter.onRemoved(held);
    return true;
  }

  #remove(held: HeldPayload): boolean {
    if (!this.#letGo(held)) return false;
    // What the outbox cannot remove, it will give again: twice is better than not at all.
    void this.store.remove(held).catch(() => {});
    return true;
  }

  #evict(forWeight: Weight, isCandidate: (held: HeldPayload) => boolean): boolean {
    const victim = this.#held.victim(isCandidate);
    if (victim === undefined || victim.highestSeverity > forWeight.highestSeverity) return false;
    this.#remove(victim);
    victim.owner.onDropped({ count: victim.recordCount, reason: 'outbox_full' });
    return true;
  }

  #sleepUntil(at: number, now: number): void {
    this.#cancelWake();
    if (at < Infinity) this.#cancelWake = startTimer(() => this.pump(), at - now);
  }
}
