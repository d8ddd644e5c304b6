import type { Stage } from './carrier.ts';
import type { DrainLoop } from './drain-loop.ts';
import { headOf, type PayloadOwner } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { isOrdered } from './ordered-sending.ts';
import type { StoredPayload } from './payload-store.ts';
import type { EncodedPayload, Payload } from './payload.ts';

interface StagingResult {
  readonly stored: readonly (StoredPayload | undefined)[];
  /** Pieces that are tried again by themselves. */
  readonly rest?: readonly EncodedPayload[];
  readonly error?: Error;
}

/** A payload on its way from its encoder into the outbox. */
interface StagedPayload {
  readonly stage: LocalStage;
  readonly encoded: EncodedPayload;
  readonly order: number;
  readonly takenAtMillis: number;
  /** Its name in the outbox, once it is on its way in there. */
  id?: number;
  /** Whether its records are this side's responsibility yet. */
  isAccepted: boolean;
  /** What the outbox made of it, or of its pieces: stored, without room, or an error; undefined while that is open. */
  result?: StagingResult;
}

/** Cuts each of some payloads in pieces, in their order. */
export type Cut = (payloads: readonly EncodedPayload[]) => readonly (readonly EncodedPayload[])[];

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
    const firstOrder = this.#loop.places.reserve(encoded.length);
    const takenAtMillis = this.#loop.epochMillis;
    const stage = new LocalStage(encoded.length);
    for (const [index, one] of encoded.entries()) {
      stage.payloads.push({ stage, encoded: one, order: firstOrder + index, takenAtMillis, isAccepted: false });
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
    const firstOrder = this.#loop.places.reserveBefore(payloads.length);
    for (const [index, payload] of payloads.entries()) {
      const stored = await this.#loop.store.put(payload).catch(() => undefined);
      if (stored !== undefined) this.#loop.hold(this.#owner, headOf(payload), stored, { order: firstOrder + index });
      else this.#owner.onDropped({ count: payload.recordCount, reason: 'outbox_full' });
      onRestored(index);
    }
    this.#loop.pump();
  }

  /**
   * Stores what is on the way at once, as far as the outbox can: the process or the page is about to end.
   * @param cut cuts payloads in pieces before
   */
  storeNow(cut: Cut = (payloads) => payloads.map((payload) => [payload])): void {
    const { store } = this.#loop;
    const open = [...this.#open].filter(
      ({ id, result }) => result === undefined && (id === undefined || store.withdraw(id)),
    );
    const pieces = cut(open.map(({ encoded }) => encoded));
    const ready = open.map((staged, index) => {
      const own = pieces[index] ?? [];
      const { takenAtMillis } = staged;
      const payloads = own.map((piece) => store.compressNow(piece, { owner: this.#owner, takenAtMillis }));
      // All of it or nothing: what takes time to compress goes on as before.
      return { staged, own, payloads: payloads.every((payload) => payload !== undefined) ? payloads : [] };
    });
    const results = [...store.putNow(ready.flatMap(({ payloads }) => payloads))];
    for (const { staged, own, payloads } of ready) {
      const stored = results.splice(0, payloads.length);
      // Compressed it may have room; what was withdrawn has to be tried again too. Where neither is so it goes on as before.
      const rest = own.filter((_, index) => stored[index] === undefined);
      if (staged.id !== undefined || rest.length < own.length) this.#onAnswered(staged, { stored, rest });
    }
  }

  /** Gives up what is on the way: accepted records are dropped as `shutdown`, the others were never taken. */
  end(): void {
    this.#hasEnded = true;
    for (const { isAccepted, encoded, result } of this.#open) {
      const count = encoded.recordOffsets.length;
      if (isAccepted) this.#owner.onDropped({ count, reason: 'shutdown' });
      else for (const stored of result?.stored ?? []) this.#removeInVain(stored);
    }
    this.#open.clear();
  }

  /** What has to stay in order is stored one by one; all else at once, but not before what runs now can store it by itself. */
  #begin(staged: StagedPayload): void {
    this.#bytes += staged.encoded.body.byteLength;
    this.#open.add(staged);
    const mustWait = isOrdered({ owner: this.#owner });
    const store = (mustWait ? this.#last : Promise.resolve()).then(() => this.#store(staged));
    if (mustWait) this.#last = store;
    const tracked: Promise<void> = store.then(() => void this.#stores.delete(tracked));
    this.#stores.add(tracked);
  }

  async #store(staged: StagedPayload): Promise<void> {
    const { encoded, takenAtMillis } = staged;
    if (staged.result !== undefined) return;
    const payload = await this.#loop.store.compress(encoded, { owner: this.#owner, takenAtMillis });
    if (staged.result !== undefined) return;
    let result: StagingResult;
    try {
      staged.id = this.#loop.store.takeId();
      result = { stored: [await this.#loop.store.put(payload, staged.id)] };
    } catch (cause) {
      result = { stored: [], error: namedError('OutboxError', 'The outbox could not take a payload.', cause) };
    }
    // It was stored without waiting meanwhile, or nobody wants it any more.
    if (staged.result !== undefined || this.#hasEnded) for (const stored of result.stored) this.#removeInVain(stored);
    if (staged.result === undefined) this.#onAnswered(staged, result);
  }

  #onAnswered(staged: StagedPayload, result: StagingResult): void {
    staged.result = result;
    this.#bytes -= staged.encoded.body.byteLength;
    if (staged.isAccepted && !this.#hasEnded) this.#settle(staged);
    staged.stage.onAnswered();
  }

  #settle(staged: StagedPayload): void {
    this.#open.delete(staged);
    const { stored = [], rest = [], error } = staged.result ?? {};
    const orderSpan = 1 / Math.max(1, stored.length);
    let missing =
      staged.encoded.recordOffsets.length - rest.reduce((sum, { recordOffsets }) => sum + recordOffsets.length, 0);
    for (const [index, piece] of stored.entries()) {
      if (piece === undefined) continue;
      missing -= piece.payload.recordCount;
      const place = { order: staged.order + index * orderSpan, orderSpan };
      this.#loop.hold(this.#owner, headOf(piece.payload), piece, place);
    }
    if (rest.length > 0) this.accept(this.stage(rest));
    if (missing > 0) {
      this.#owner.onDropped({ count: missing, reason: 'outbox_full', ...(error !== undefined && { error }) });
    }
    this.#loop.pump();
  }

  #removeInVain(stored: StoredPayload | undefined): void {
    if (stored !== undefined) this.#loop.store.remove(stored).catch(() => {});
  }
}
