import { type Deadline, onOnline, onPageActive, onPageAway, workUntilDeadline } from '@spillway/core';

import { Adoption } from './adoption.ts';
import type { Carriage, Carrier, Stage } from './carrier.ts';
import type { ResolvedDeliveryOptions } from './delivery-options.ts';
import { DrainLoop } from './drain-loop.ts';
import type { PayloadOwner } from './held-payload.ts';
import { isOrdered } from './ordered-sending.ts';
import type { Outbox } from './outbox.ts';
import { cutToFit } from './page/cut-to-fit.ts';
import { isBrowser, keepaliveBudget } from './page/keepalive-budget.ts';
import { isSameEndpoint, onConnectForbidden, tellForbidden } from './page/policy-violation.ts';
import type { EncodedPayload, Payload } from './payload.ts';
import { splitInParts } from './split-in-parts.ts';
import { type Cut, type LocalStage, Staging } from './staging.ts';

/** A payload that waits for longer takes memory, and gains little. */
const LINGER_MILLIS = 10;

export interface LocalCarrierOptions {
  /** Holds what a durable outbox cannot take now. @defaultValue memory */
  readonly fallback?: Outbox;
  /** Whether nothing is taken over before {@link LocalCarrier.adopt} is called. @defaultValue false: in the next turn */
  readonly adoptsWhenAsked?: boolean;
}

/** Carries payloads on this thread. */
export class LocalCarrier implements Carrier {
  readonly lingerMillis: number = LINGER_MILLIS;
  readonly #loop: DrainLoop;
  readonly #adoption: Adoption;
  readonly #stopListening: readonly (() => void)[];

  constructor(options: ResolvedDeliveryOptions, { fallback, adoptsWhenAsked = false }: LocalCarrierOptions = {}) {
    const loop = new DrainLoop(options, fallback);
    this.#loop = loop;
    this.#adoption = new Adoption(loop, options, adoptsWhenAsked);
    this.#stopListening = [
      onPageAway(() => loop.setAway(true)),
      onPageActive(() => loop.setAway(false)),
      onOnline(() => loop.retryNow()),
    ];
  }

  get isClosed(): boolean {
    return this.#loop.isClosed;
  }

  get writesAhead(): boolean {
    return this.#loop.store.writesAhead;
  }

  get outboxBytes(): number {
    return this.#loop.store.bytes;
  }

  get requestsInFlight(): number {
    return this.#loop.activeCount;
  }

  attach(owner: PayloadOwner): LocalCarriage {
    this.#adoption.add(owner);
    return new LocalCarriage(owner, this.#loop, this.#adoption);
  }

  /** Takes over what earlier processes and workers have left, now. */
  adopt(): void {
    this.#adoption.run();
  }

  async close(deadline: Deadline): Promise<void> {
    for (const stop of this.#stopListening) stop();
    const closed = this.#loop.close();
    // What goes wrong is to be told, but not waited for.
    await Promise.race([closed, workUntilDeadline(deadline, closed)]);
  }
}

/** The way of one owner's payloads on this thread. */
export class LocalCarriage implements Carriage {
  readonly #owner: PayloadOwner;
  readonly #loop: DrainLoop;
  readonly #adoption: Adoption;
  readonly #staging: Staging;
  readonly #stopListening: () => void;

  constructor(owner: PayloadOwner, loop: DrainLoop, adoption: Adoption) {
    this.#owner = owner;
    this.#stopListening = onConnectForbidden((address) => {
      const { url } = owner;
      if (url !== undefined && isSameEndpoint(address, url) && loop.block(url)) tellForbidden(url);
    });
    this.#loop = loop;
    this.#adoption = adoption;
    this.#staging = new Staging(owner, loop);
  }

  get stagedBytes(): number {
    return this.#staging.bytes;
  }

  /** Records that are held where they outlive this thread. */
  get durableRecords(): number {
    return this.#loop.durableRecords(this.#owner);
  }

  sizeRatio(tenant: string | undefined): number {
    return this.#loop.sizeRatio(this.#owner.url, tenant);
  }

  stage(payloads: readonly EncodedPayload[]): LocalStage {
    return this.#staging.stage(payloads);
  }

  accept(stage: Stage): void {
    this.#staging.accept(stage as LocalStage);
  }

  /** Stores payloads that were compressed before, as the oldest there are; calls back after each. */
  restore(payloads: readonly Payload[], onRestored: (index: number) => void = () => {}): Promise<void> {
    return this.#staging.restore(payloads, onRestored);
  }

  stored(): Promise<void> {
    return this.#staging.stored();
  }

  mark(): number {
    return this.#loop.places.next;
  }

  flush(mark: number, deadline: Deadline): Promise<void> {
    return this.#loop.flush(this.#owner, mark, deadline);
  }

  redirect(): void {
    this.#loop.redirect(this.#owner);
  }

  async abandon(onGivingUp: () => void): Promise<void> {
    onGivingUp();
    this.#stopListening();
    this.#adoption.remove(this.#owner);
    this.#staging.end();
    this.#loop.abandon(this.#owner);
  }

  flushSync(deadline: Deadline): void {
    const { store } = this.#loop;
    if (isBrowser()) this.#loop.sendLast(this.#owner, () => this.#staging.storeNow((payloads) => this.#cut(payloads)));
    // What is in memory is lost with the process, however it is compressed.
    else if (store.writesAhead) this.#staging.storeNow();
    return store.flushSync(deadline.remainingMillis);
  }

  /** Cuts out what can be sent at once, unless it has to wait for its turn. */
  #cut(payloads: readonly EncodedPayload[]): ReturnType<Cut> {
    const { backend } = this.#owner;
    const freeBytes = isOrdered({ owner: this.#owner }) ? 0 : keepaliveBudget.freeBytes;
    return cutToFit(payloads, freeBytes, (payload) => splitInParts(payload, backend));
  }
}
