import type { Drop, Ledger } from '@spillway/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { Encoding } from './backend.ts';
import type { DrainLoop } from './drain-loop.ts';
import type { PayloadOwner } from './held-payload.ts';
import type { StoredPayload } from './payload-store.ts';
import type { EncodedPayload } from './payload.ts';
import { namedError } from './verdict.ts';

export type ResultCallback = Parameters<LogRecordExporter['export']>[1];

type ExportResult = Parameters<ResultCallback>[0];

/** Results with the values of the SDK's `ExportResultCode`, equal in all its versions; the enum itself would have to be imported at run time. */
const SUCCESS = { code: 0 } as ExportResult;
const FAILED = { code: 1 } as ExportResult;

interface PendingExport {
  readonly records: readonly ReadableLogRecord[];
  readonly callback: ResultCallback;
}

/** An encoded payload and what the outbox made of it. */
interface Taken {
  readonly encoded: EncodedPayload;
  readonly order: number;
  readonly stored: StoredPayload | undefined;
}

/**
 * The way in: gathers what is exported in one turn, has it encoded, puts it into the outbox, and only then answers.
 *
 * A record is received at the moment its export is answered, so that whoever exported it and this ledger never hold it
 * both, nor neither of them.
 */
export class Intake {
  readonly #owner: PayloadOwner;
  readonly #loop: DrainLoop;
  readonly #ledger: Ledger;
  readonly #encode: (records: readonly ReadableLogRecord[]) => Encoding;
  readonly #takings = new Set<Promise<void>>();
  #pending: PendingExport[] = [];

  constructor(
    owner: PayloadOwner,
    loop: DrainLoop,
    ledger: Ledger,
    encode: (records: readonly ReadableLogRecord[]) => Encoding,
  ) {
    this.#owner = owner;
    this.#loop = loop;
    this.#ledger = ledger;
    this.#encode = encode;
  }

  export(records: readonly ReadableLogRecord[], callback: ResultCallback): void {
    this.#pending.push({ records, callback });
    // All that is exported in this turn goes together, whatever batches it came in: fewer, larger requests.
    if (this.#pending.length === 1) queueMicrotask(() => this.takePending());
  }

  /** Encodes what is pending at once, and starts to store it. */
  takePending(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const taking = this.#take(pending).finally(() => this.#takings.delete(taking));
    this.#takings.add(taking);
  }

  /** Resolves when all that was exported before has been answered. */
  async settled(): Promise<void> {
    this.takePending();
    await Promise.all(this.#takings);
  }

  async #take(pending: readonly PendingExport[]): Promise<void> {
    const records =
      pending.length === 1 ? (pending[0] as PendingExport).records : pending.flatMap((one) => one.records);
    if (this.#owner.url === undefined) {
      this.#answerAll(pending, records.length, [{ count: records.length, reason: 'disabled' }], []);
      return;
    }
    const { payloads, drops } = this.#encodeSafely(records);
    const firstOrder = this.#loop.reserveOrders(payloads.length);
    const taken = await Promise.all(payloads.map((encoded, index) => this.#store(encoded, firstOrder + index)));
    this.#answerAll(pending, records.length, drops, taken);
  }

  #encodeSafely(records: readonly ReadableLogRecord[]): Encoding {
    try {
      return this.#encode(records);
    } catch (cause) {
      const error = namedError('EncodeError', 'Records could not be encoded.', cause);
      return { payloads: [], drops: [{ count: records.length, reason: 'invalid', error }] };
    }
  }

  async #store(encoded: EncodedPayload, order: number): Promise<Taken> {
    const payload = await this.#loop.store.compress(encoded, this.#owner.backend.id);
    const stored = await this.#loop.store.put(payload).catch(() => undefined);
    return { encoded, order, stored };
  }

  /** Runs in one go, so that at no moment a record is in two ledgers or in none. */
  #answerAll(pending: readonly PendingExport[], count: number, drops: readonly Drop[], taken: readonly Taken[]): void {
    if (this.#loop.isClosed) {
      const error = namedError('ShutdownError', 'The exporter was shut down before it could take the records.');
      for (const { callback } of pending) answer(callback, error);
      return;
    }
    this.#ledger.receive(count);
    for (const drop of drops) if (drop.count > 0) this.#owner.onDropped(drop);
    for (const { encoded, order, stored } of taken) {
      if (stored !== undefined) this.#loop.hold(this.#owner, stored, order);
      else this.#owner.onDropped({ count: encoded.recordOffsets.length, reason: 'outbox_full' });
    }
    for (const { callback } of pending) answer(callback);
    this.#loop.pump();
  }
}

/** Answers an export; a callback that throws is its owner's business and changes nothing here. */
export function answer(callback: ResultCallback, error?: Error): void {
  try {
    callback(error === undefined ? SUCCESS : { ...FAILED, error });
  } catch {
    // Nothing here depends on what the callback does.
  }
}
