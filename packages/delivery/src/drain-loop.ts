import { TokenBucket } from '@spillway/concurrency';
import { type Deadline, workUntilDeadline } from '@spillway/core';
import { startTimer } from '@spillway/retry';

import { createCompressor } from './compression.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import { FlushWaiter } from './flush-waiter.ts';
import { FlushWaiters } from './flush-waiters.ts';
import { type HeldPayload, holdPayload, type PayloadHead, type PayloadOwner } from './held-payload.ts';
import { HeldPayloads } from './held-payloads.ts';
import { OrderPlaces } from './order-places.ts';
import type { Outbox } from './outbox.ts';
import { LastRequests } from './page/last-requests.ts';
import { PayloadStore, type PayloadStoreOptions, type StoredPayload, type Weight } from './payload-store.ts';
import { sendHeld } from './send-held.ts';
import { Settlement } from './settlement.ts';
import { namedError } from './named-error.ts';

/**
 * Sends what the outbox holds, and is the only place that retries: pick a payload, pass its gate, take a slot, send,
 * judge, settle. It sleeps until something changes: a payload arrives, an attempt ends, a wait is over, a flush begins.
 */
export class DrainLoop {
  readonly #options: ResolvedDeliveryOptions;
  readonly #bucket: TokenBucket | undefined;
  readonly #held: HeldPayloads;
  readonly #settlement: Settlement;
  readonly #last: LastRequests;
  readonly #flushes = new FlushWaiters();
  readonly #closing = new AbortController();
  #active = 0;
  /** Whether no request begins by itself, because payloads are taken in that are sent in another order. */
  #isTakingLast = false;
  /** The same while the page is away: what was taken before this place in the order is for others to send. */
  #awayFrom: number | undefined;
  /** When the limit of bytes per second lets the next payload through; `Infinity` while it holds nothing back. */
  #bandwidthAt = Infinity;
  #cancelWake: () => void = () => {};
  readonly store: PayloadStore;
  readonly places: OrderPlaces = new OrderPlaces();

  /** @param fallback holds what a durable outbox cannot take now */
  constructor(options: ResolvedDeliveryOptions, fallback?: Outbox) {
    const { maxBytesPerSecond, outbox, now } = options;
    this.#options = options;
    this.#bucket = maxBytesPerSecond === undefined ? undefined : new TokenBucket({ ratePerSecond: maxBytesPerSecond });
    this.#held = new HeldPayloads(options.backoff, options.maxConcurrentRequests);
    const compressor = createCompressor(options.compression);
    const evict: PayloadStoreOptions['evict'] = (weight, isCandidate) => this.#evict(weight, isCandidate);
    this.store = new PayloadStore({ outbox, fallback, compressor, now, evict });
    this.#last = new LastRequests(this.store, (held, at) => this.#start(held, at, true));
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
    return this.#active;
  }

  /** How large requests to this endpoint and tenant may be: 1, or a half, a quarter ... after repeated 429. */
  sizeRatio(url: string | undefined, tenant: string | undefined): number {
    return this.#held.gateFor(url, tenant).sizeRatio;
  }

  /** Wall clock, in milliseconds since the epoch. */
  get epochMillis(): number {
    return this.#options.epochNow();
  }

  /** Takes over a payload that is in the outbox. Its place in the order was given when it was encoded. */
  hold(
    owner: PayloadOwner,
    head: PayloadHead,
    { id, bytes }: Pick<StoredPayload, 'id' | 'bytes'>,
    { order, orderSpan = 1 }: { readonly order: number; readonly orderSpan?: number },
  ): void {
    const gate = this.#held.gateFor(owner.url, head.tenant);
    this.#add(holdPayload(head, { owner, id, bytes, gate, order, orderSpan, kinship: { refusedAlone: 0 } }));
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

  /**
   * Sends what an owner has now, the most severe and newest first, in requests that outlive the page, as far as they may be
   * many and large: all of them before this returns.
   * @param takeRest called before: what is on its way into the outbox is to be held by then
   */
  sendLast(owner: PayloadOwner, takeRest: () => void): void {
    this.#isTakingLast = true;
    try {
      takeRest();
    } finally {
      this.#isTakingLast = false;
    }
    const now = this.#options.now();
    const others = this.#options.maxConcurrentRequests - this.#active;
    const from = this.#awayFrom ?? -Infinity;
    const waiting = this.#held
      .lastOf(owner, this.epochMillis)
      .filter((held) => held.order >= from || !this.store.outlives(held));
    if (!this.isClosed) this.#last.send(waiting, now, others);
    // The others go on once it is known that the page is not left: what a page sends that ends, the next one sends again.
    queueMicrotask(() => this.pump());
  }

  /**
   * Whether the page is frozen or left: then no request begins by itself. When it is back, its timers are late that nobody
   * saw run, or that stood still.
   */
  setAway(isAway: boolean): void {
    this.#awayFrom = isAway ? this.places.next : undefined;
    this.pump();
  }

  /** Sends to an endpoint no more; says whether anything was sent there until now. */
  block(url: string): boolean {
    return this.#held.block(url);
  }

  /** Something has changed for the better: what waits is tried again at once. */
  retryNow(): void {
    this.#held.retryNow();
    this.pump();
  }

  /** Ends all attempts and timers. */
  async close(): Promise<void> {
    this.#closing.abort(namedError('AbortError', 'Delivery was shut down.'));
    this.#cancelWake();
    this.#flushes.cancel();
    await this.store.close();
  }

  /** Starts every attempt that may start now, and sets the timer for the next one. */
  pump(): void {
    if (this.isClosed || this.#isTakingLast || this.#awayFrom !== undefined) return;
    const now = this.#options.now();
    this.#bandwidthAt = Infinity;
    for (let held = this.#pick(now); held !== undefined; held = this.#pick(now)) this.#start(held, now);
    this.#sleepUntil(Math.min(this.#held.wakeAt(now) ?? Infinity, this.#bandwidthAt), now);
    this.#flushes.settle((owner) => this.#held.gatesOf(owner));
  }

  #pick(now: number): HeldPayload | undefined {
    const free = this.#options.maxConcurrentRequests - this.#active;
    if (free <= 0) return undefined;
    const reserved = this.#options.maxConcurrentRequests > 1 ? 1 : 0;
    const held = this.#held.next(now, this.#options.epochNow(), free <= reserved);
    if (held === undefined || this.#bucket === undefined) return held;
    if (this.#bucket.tryTake(held.wireBytes, now)) return held;
    this.#bandwidthAt = now + Math.max(1, this.#bucket.delayMillisFor(held.wireBytes, now));
    return undefined;
  }

  /** @param isLast whether it is sent because the page may end */
  #start(held: HeldPayload, now: number, isLast = false): void {
    held.admission = held.gate.admit(now);
    this.#active += 1;
    void this.#send(held, isLast).finally(() => {
      this.#active -= 1;
      this.pump();
    });
  }

  async #send(held: HeldPayload, isLast: boolean): Promise<void> {
    const startedAt = this.#options.now();
    const outcome = await sendHeld(held, this.store, this.#options, this.#closing.signal, isLast);
    await this.#settlement.settle(held, outcome, this.#options.now() - startedAt);
    this.#held.place(held);
  }

  #add(held: HeldPayload): void {
    this.#held.add(held);
    // The halves of a payload come with its gate, and its endpoint may have changed since.
    this.#held.place(held);
    this.#flushes.onAdded(held);
  }

  /** Says whether it was there. */
  #letGo(held: HeldPayload): boolean {
    if (!this.#held.remove(held)) return false;
    this.#flushes.onRemoved(held);
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
