import { callSafely, type Drop, type DropReason, DropWarnings, type Ledger, type ThrottledDiag } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** A dropped record, and why. `count` is 1. */
export interface LogRecordDrop extends Drop {
  /** The record as it would have been exported; as it was emitted where it never entered the queue. */
  readonly record: ReadableLogRecord;
}

/** Counts every drop and tells of it: the application by its callback, the operator by warnings. Never throws. */
export class DropReporter {
  readonly #ledger: Ledger;
  readonly #diag: ThrottledDiag;
  readonly #warnings: DropWarnings;
  readonly #onDrop: ((drop: LogRecordDrop) => void) | undefined;
  #isTelling = false;

  constructor(ledger: Ledger, diag: ThrottledDiag, onDrop: ((drop: LogRecordDrop) => void) | undefined) {
    this.#ledger = ledger;
    this.#diag = diag;
    this.#warnings = new DropWarnings(diag, ledger);
    this.#onDrop = onDrop;
  }

  /** Drops records that the ledger holds. The caller holds them no more: callbacks find the account closed. */
  drop(reason: DropReason, records: readonly ReadableLogRecord[], error?: Error): void {
    this.#ledger.drop(reason, records.length);
    // What our own sending logs is dropped by design: there is nothing for an operator to do about it.
    if (reason !== 'suppressed') this.#warnings.onDrop(error);
    // A callback that logs would be told of the drop of its own record, and so on.
    if (this.#onDrop === undefined || this.#isTelling) return;
    this.#isTelling = true;
    for (const record of records) this.#tell({ count: 1, reason, record, ...(error !== undefined && { error }) });
    this.#isTelling = false;
  }

  /** Warns of what no warning has told yet. */
  flush(): void {
    this.#warnings.flush();
  }

  #tell(drop: LogRecordDrop): void {
    callSafely(
      () => this.#onDrop?.(drop),
      (error) => this.#diag.error('on-drop', 'The onDrop callback threw', error),
    );
  }
}
