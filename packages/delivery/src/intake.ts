import { answerExport, type Drop, type Ledger, type ResultCallback, type ThrottledDiag } from '@spillway/core';

import type { Encoding } from './backend.ts';
import type { Carriage } from './carrier.ts';
import type { PayloadOwner } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { Gathering, type Merge } from './gathering.ts';
import type { EncodedPayload } from './payload.ts';

export interface IntakeOptions<Item> {
  readonly encode: (items: readonly Item[]) => Encoding;
  readonly merge: Merge | undefined;
  readonly now: () => number;
  readonly diag: ThrottledDiag;
  /** Whether an export may be answered only once its payloads are in the outbox. */
  readonly writesAhead: boolean;
  /** How long payloads wait for others to share a request. */
  readonly lingerMillis: number;
}

interface PendingExport<Item> {
  readonly items: readonly Item[];
  readonly callback: ResultCallback;
}

/**
 * How much may be on its way into the outbox, not compressed, before answers wait for it: a few dozen requests. Encoding is
 * faster than compression, and records that wait as objects cost ten times what they cost as bytes.
 */
const MAX_STAGED_BYTES = 8 * 1024 * 1024;

/**
 * The way in: gathers what is exported in one turn, has it encoded at once, and answers. An outbox that writes ahead is
 * waited for; one in memory only while too much is on the way to it.
 *
 * A record is received at the moment its export is answered, so that whoever exported it and this ledger never hold it
 * both, nor neither of them.
 */
export class Intake<Item> {
  readonly #owner: PayloadOwner;
  readonly #ledger: Ledger;
  readonly #diag: ThrottledDiag;
  readonly #encode: (items: readonly Item[]) => Encoding;
  readonly #carriage: Carriage;
  readonly #gathering: Gathering;
  readonly #writesAhead: boolean;
  readonly #takings = new Set<Promise<void>>();
  #pending: PendingExport<Item>[] = [];
  #hasEnded = false;

  constructor(
    owner: PayloadOwner,
    carriage: Carriage,
    ledger: Ledger,
    { encode, merge, now, diag, writesAhead, lingerMillis }: IntakeOptions<Item>,
  ) {
    this.#owner = owner;
    this.#ledger = ledger;
    this.#encode = encode;
    this.#diag = diag;
    this.#carriage = carriage;
    const dispatch = (payloads: readonly EncodedPayload[]): void => carriage.accept(carriage.stage(payloads));
    this.#gathering = new Gathering({ merge, dispatch, now, lingerMillis });
    this.#writesAhead = writesAhead;
  }

  /** Records that are taken and wait to share a request. */
  get gatheredRecords(): number {
    return this.#gathering.recordCount;
  }

  export(items: readonly Item[], callback: ResultCallback): void {
    // A processor that hands over no list must not find its error in the application.
    this.#pending.push({ items: Array.isArray(items) ? items : [], callback });
    // All that is exported in this turn goes together, whatever batches it came in: fewer, larger requests.
    if (this.#pending.length === 1) queueMicrotask(() => this.#takePending());
  }

  /** Encodes what is pending at once, and starts to store it. */
  #takePending(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const taking = new Promise<void>((resolve) => this.#take(pending, resolve)).finally(() =>
      this.#takings.delete(taking),
    );
    this.#takings.add(taking);
  }

  /**
   * Hands on all that was exported before and answers for it at once, stored or not: the process or page is about to end.
   * What was exported together stays together, so that what is severe is not hidden in what is not.
   */
  hurry(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#gathering.dispatch();
    for (const one of pending) this.#take([one], () => {}, true);
    this.#gathering.dispatch();
  }

  /** Resolves when all that was exported before has been answered, and is in the outbox or dropped. */
  async settled(): Promise<void> {
    this.#takePending();
    this.#gathering.dispatch();
    await Promise.all(this.#takings);
    await this.#carriage.stored();
  }

  /** Takes nothing more: what was not answered yet is answered FAILED. */
  end(): void {
    this.#hasEnded = true;
    for (const { recordOffsets } of this.#gathering.take()) {
      this.#owner.onDropped({ count: recordOffsets.length, reason: 'shutdown' });
    }
  }

  #take(pending: readonly PendingExport<Item>[], onTaken: () => void, isLast = false): void {
    const items =
      pending.length === 1 ? (pending[0] as PendingExport<Item>).items : pending.flatMap((one) => one.items);
    if (this.#owner.url === undefined) {
      this.#answer(pending, items.length, [{ count: items.length, reason: 'disabled' }]);
      onTaken();
      return;
    }
    const { payloads, drops } = this.#encodeSafely(items);
    const bytes = payloads.reduce((sum, { body }) => sum + body.byteLength, 0);
    const isTooMuch = bytes + this.#carriage.stagedBytes + this.#gathering.bytes > MAX_STAGED_BYTES;
    if (!isLast && (this.#writesAhead || isTooMuch)) {
      this.#gathering.dispatch();
      const stage = this.#carriage.stage(payloads);
      stage.onStored(() => {
        this.#answer(pending, items.length, drops, () => this.#carriage.accept(stage));
        onTaken();
      });
    } else {
      const accept = (): void => (isLast ? this.#gathering.addLast(payloads) : this.#gathering.add(payloads));
      this.#answer(pending, items.length, drops, accept);
      onTaken();
    }
  }

  #encodeSafely(items: readonly Item[]): Encoding {
    try {
      return this.#encode(items);
    } catch (cause) {
      const error = namedError('EncodeError', 'Records could not be encoded.', cause);
      return { payloads: [], drops: [{ count: items.length, reason: 'invalid', error }] };
    }
  }

  /** Runs in one go, so that at no moment a record is in two ledgers or in none. */
  #answer(
    pending: readonly PendingExport<Item>[],
    received: number,
    drops: readonly Drop[],
    accept?: () => void,
  ): void {
    if (this.#hasEnded) {
      const error = namedError('ShutdownError', 'The exporter was shut down before it could take the records.');
      for (const { callback } of pending) answerExport(callback, this.#diag, error);
      return;
    }
    this.#ledger.receive(received);
    for (const drop of drops) if (drop.count > 0) this.#owner.onDropped(drop);
    accept?.();
    for (const { callback } of pending) answerExport(callback, this.#diag);
  }
}
