import type { Stage } from './carrier.ts';
import type { DrainLoop } from './drain-loop.ts';
import { headOf, type PayloadOwner } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { isOrdered } from './ordered-sending.ts';
import type { StoredPayload } from './payload-store.ts';
import type { EncodedPayload, Payload } from './payload.ts';

/** A payload on its way from its encoder into the outbox. */
interface StagedPayload {
  readonly stage: LocalStage;
  readonly encoded: EncodedPayload;
  readonly order: number;
  readonly takenAtMillis: number;
  /** Whether its records are this side's responsibility yet. */
  isAccepted: boolean;
  /** What the outbox made of it: stored, without room, or an error; undefined while that is open. */
  result: { readonly stored?: StoredPayload | undefined; readonly error?: Error } | undefined;
}

/** Payloads that were staged together, and are accepted together. */
export class LocalStage implements Stage {
  readonly payloads: StagedPayload[] = [];
  #callbacks: (() => void)[] = [];
  #open: number;

  constructor(count: number) {
    this.#open = count;
  }

  onStored(callback: () => void): void {
    if (this.#open === 0) callback();
    else this.#callbacks.push(callback);
  }

  /** The outbox has answered for one of them. */
  onAnswered(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback();
  }
}

/**
 * The way between the encoder and the outbox: payloads are compressed and put there, off the caller's thread where the
 * runtime can. They count as held from the moment they are accepted.
 */
export class Staging {
  readonly #owner: PayloadOwner;
  readonly #loop: DrainLoop;
  readonly #open = new Set<StagedPayload>();
  readonly #stores = new Set<Promise<void>>();
  /** Of an ordered backend: the end of the last store that was begun. */
  #last: Promise<void> = Promise.resolve();
  #bytes = 0;
  #hasEnded = false;

  constructor(owner: PayloadOwner, loop: DrainLoop) {
    this.#owner = owner;
    this.#loop = loop;
  }

  /** Bytes on the way, not compressed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Starts to compress and store payloads, in the order they are to be sent. */
  stage(encoded: readonly EncodedPayload[]): LocalStage {
    const firstOrder = this.#loop.reserveOrders(encoded.length);
    const takenAtMillis = this.#loop.epochMillis;
    const stage = new LocalStage(encoded.length);
    for (const [index, one] of encoded.entries()) {
      const order = firstOrder + index;
      stage.payloads.push({ stage, encoded: one, order, takenAtMillis, isAccepted: false, result: undefined });
    }
    for (const staged of stage.payloads) this.#begin(staged);
    return stage;
  }

  /** Resolves when the outbox has answered for all that is on the way now. */
  async stored(): Promise<void> {
    await Promise.all(this.#stores);
  }

  /** Takes responsibility for the records of a stage. */
  accept(stage: LocalStage): void {
    if (this.#hasEnded) return;
    for (const staged of stage.payloads) {
      staged.isAccepted = true;
      if (staged.result !== undefined) this.#settle(staged);
    }
  }

  /** Stores payloads that were compressed before, in their order and in front of all others; calls back after each. */
  async restore(payloads: readonly Payload[], onRestored: (index: number) => void): Promise<void> {
    const firstOrder = this.#loop.reserveOrdersBefore(payloads.length);
    for (const [index, payload] of payloads.entries()) {
      const stored = await this.#loop.store.put(payload).catch(() => undefined);
      if (stored !== undefined) this.#loop.hold(this.#owner, headOf(payload), stored, firstOrder + index);
      else this.#owner.onDropped({ count: payload.recordCount, reason: 'outbox_full' });
      onRestored(index);
    }
    this.#loop.pump();
  }

  /** Stores what is on the way at once, as far as the outbox can: the process is about to end. */
  storeNow(): void {
    for (const staged of this.#open) {
      if (staged.result !== undefined) continue;
      const { encoded, takenAtMillis } = staged;
      const payload = this.#loop.store.compressNow(encoded, { owner: this.#owner, takenAtMillis });
      const stored = payload && this.#loop.store.putNow(payload);
      if (stored !== undefined) this.#onAnswered(staged, { stored });
    }
  }

  /** Gives up what is on the way: accepted records are dropped as `shutdown`, the others were never taken. */
  end(): void {
    this.#hasEnded = true;
    for (const { isAccepted, encoded, result } of this.#open) {
      const count = encoded.recordOffsets.length;
      if (isAccepted) this.#owner.onDropped({ count, reason: 'shutdown' });
      else if (result?.stored !== undefined) this.#loop.store.remove(result.stored).catch(() => {});
    }
    this.#open.clear();
  }

  /** What has to stay in order is stored one by one; all else at once. */
  #begin(staged: StagedPayload): void {
    this.#bytes += staged.encoded.body.byteLength;
    this.#open.add(staged);
    const store = isOrdered({ owner: this.#owner })
      ? (this.#last = this.#last.then(() => this.#store(staged)))
      : this.#store(staged);
    const tracked: Promise<void> = store.then(() => void this.#stores.delete(tracked));
    this.#stores.add(tracked);
  }

  async #store(staged: StagedPayload): Promise<void> {
    const { encoded, takenAtMillis } = staged;
    if (staged.result !== undefined) return;
    const payload = await this.#loop.store.compress(encoded, { owner: this.#owner, takenAtMillis });
    if (staged.result !== undefined) return;
    let result: StagedPayload['result'];
    try {
      result = { stored: await this.#loop.store.put(payload) };
    } catch (cause) {
      result = { error: namedError('OutboxError', 'The outbox could not take a payload.', cause) };
    }
    const { stored } = result;
    // It was stored without waiting meanwhile, or nobody wants it any more.
    const isInVain = staged.result !== undefined || this.#hasEnded;
    if (isInVain && stored !== undefined) await this.#loop.store.remove(stored).catch(() => {});
    if (staged.result === undefined) this.#onAnswered(staged, result);
  }

  #onAnswered(staged: StagedPayload, result: StagedPayload['result']): void {
    staged.result = result;
    this.#bytes -= staged.encoded.body.byteLength;
    if (staged.isAccepted && !this.#hasEnded) this.#settle(staged);
    staged.stage.onAnswered();
  }

  #settle(staged: StagedPayload): void {
    this.#open.delete(staged);
    const { stored, error } = staged.result ?? {};
    if (stored !== undefined) this.#loop.hold(this.#owner, headOf(stored.payload), stored, staged.order);
    else {
      const count = staged.encoded.recordOffsets.length;
      this.#owner.onDropped({ count, reason: 'outbox_full', ...(error !== undefined && { error }) });
    }
    this.#loop.pump();
  }
}
