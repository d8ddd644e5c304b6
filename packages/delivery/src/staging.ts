import type { DrainLoop } from './drain-loop.ts';
import type { PayloadOwner } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { isOrdered } from './ordered-sending.ts';
import type { StoredPayload } from './payload-store.ts';
import type { EncodedPayload } from './payload.ts';

/** A payload on its way from its encoder into the outbox. */
interface StagedPayload {
  readonly order: number;
  readonly recordCount: number;
  /** Whether its records are this side's responsibility yet. */
  isAccepted: boolean;
  /** What the outbox made of it: stored, without room, or an error; undefined while that is open. */
  result: { readonly stored?: StoredPayload | undefined; readonly error?: Error } | undefined;
}

/** Payloads that were staged together, and are accepted together. */
export interface Stage {
  readonly payloads: readonly StagedPayload[];
  /** Resolves when the outbox has answered for all of them. */
  readonly stored: Promise<void>;
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
  stage(encoded: readonly EncodedPayload[]): Stage {
    const firstOrder = this.#loop.reserveOrders(encoded.length);
    const payloads = encoded.map(({ recordOffsets }, index): StagedPayload => ({
      order: firstOrder + index,
      recordCount: recordOffsets.length,
      isAccepted: false,
      result: undefined,
    }));
    const stores = payloads.map((staged, index) => this.#begin(staged, encoded[index] as EncodedPayload));
    const stored: Promise<void> = Promise.all(stores).then(() => void this.#stores.delete(stored));
    this.#stores.add(stored);
    return { payloads, stored };
  }

  /** Resolves when the outbox has answered for all that is on the way now. */
  async stored(): Promise<void> {
    await Promise.all(this.#stores);
  }

  /** Takes responsibility for the records of a stage. */
  accept(stage: Stage): void {
    for (const staged of stage.payloads) {
      staged.isAccepted = true;
      if (staged.result !== undefined) this.#settle(staged);
    }
  }

  /** Gives up what is on the way: accepted records are dropped as `shutdown`, the others were never taken. */
  end(): void {
    this.#hasEnded = true;
    for (const { isAccepted, recordCount, result } of this.#open) {
      if (isAccepted) this.#owner.onDropped({ count: recordCount, reason: 'shutdown' });
      else if (result?.stored !== undefined) this.#loop.store.remove(result.stored).catch(() => {});
    }
    this.#open.clear();
  }

  /** What has to stay in order is stored one by one; all else at once. */
  #begin(staged: StagedPayload, encoded: EncodedPayload): Promise<void> {
    this.#bytes += encoded.body.byteLength;
    this.#open.add(staged);
    if (!isOrdered({ owner: this.#owner })) return this.#store(staged, encoded);
    this.#last = this.#last.then(() => this.#store(staged, encoded));
    return this.#last;
  }

  async #store(staged: StagedPayload, encoded: EncodedPayload): Promise<void> {
    const payload = await this.#loop.store.compress(encoded, this.#owner.backend);
    try {
      staged.result = { stored: await this.#loop.store.put(payload) };
    } catch (cause) {
      staged.result = { error: namedError('OutboxError', 'The outbox could not take a payload.', cause) };
    }
    this.#bytes -= encoded.body.byteLength;
    const { stored } = staged.result;
    if (this.#hasEnded && stored !== undefined) await this.#loop.store.remove(stored).catch(() => {});
    if (staged.isAccepted && !this.#hasEnded) this.#settle(staged);
  }

  #settle(staged: StagedPayload): void {
    this.#open.delete(staged);
    const { stored, error } = staged.result ?? {};
    if (stored !== undefined) this.#loop.hold(this.#owner, stored, staged.order);
    else {
      const count = staged.recordCount;
      this.#owner.onDropped({ count, reason: 'outbox_full', ...(error !== undefined && { error }) });
    }
    this.#loop.pump();
  }
}
