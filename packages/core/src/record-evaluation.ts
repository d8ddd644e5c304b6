import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { callSafely } from './call-safely.ts';
import type { Drop, DropReason } from './drop-reasons.ts';
import { DropWarnings } from './drop-warnings.ts';
import { answerExport, type ResultCallback } from './export-result.ts';
import type { Ledger } from './ledger.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

export interface RecordEvaluationOptions {
  /** Looks at one record; answers why it is dropped, undefined where it has passed. May not throw. */
  readonly evaluate: (record: ReadableLogRecord, nowMillis: number) => DropReason | undefined;
  /** Read once for all records of an export. */
  readonly now: () => number;
  readonly ledger: Ledger;
  readonly diag: ThrottledDiag;
  readonly onDrop: ((drop: Drop) => void) | undefined;
}

/**
 * The way in of an exporter that derives something from records, and keeps none of them: each has passed when it was
 * evaluated, or is dropped for a reason. Never throws.
 */
export class RecordEvaluation {
  readonly #options: RecordEvaluationOptions;
  readonly #dropWarnings: DropWarnings;
  readonly #dropped = new Map<DropReason, number>();
  #isEvaluating = false;
  #isTelling = false;
  #hasEnded = false;

  constructor(options: RecordEvaluationOptions) {
    this.#options = options;
    this.#dropWarnings = new DropWarnings(options.diag, options.ledger);
  }

  /** The SDK's `LogRecordExporter.export`: evaluates at once, and answers SUCCESS; FAILED after the end. */
  export(records: readonly ReadableLogRecord[], resultCallback: ResultCallback): void {
    // A processor that hands over no list must not find its error in the application.
    if (!this.#hasEnded && Array.isArray(records)) this.#evaluate(records);
    const error = this.#hasEnded ? new Error('The exporter has been shut down.') : undefined;
    answerExport(resultCallback, this.#options.diag, error);
  }

  /** Takes no more records, and tells of drops that no warning has told yet. */
  end(): void {
    this.#hasEnded = true;
    this.#dropWarnings.flush();
  }

  #evaluate(records: readonly ReadableLogRecord[]): void {
    const { length } = records;
    this.#options.ledger.receive(length);
    // A function of a rule that logs would be asked about its own record, and that again, without end.
    if (this.#isEvaluating) {
      this.#note('suppressed', length);
      return;
    }
    this.#isEvaluating = true;
    const evaluated = this.#evaluateAll(records);
    this.#isEvaluating = false;
    // A list of its own kind may give out less than it has.
    if (evaluated < length) this.#note('invalid', length - evaluated);
    if (this.#dropped.size === 0) return;
    const drops = [...this.#dropped];
    this.#dropped.clear();
    for (const [reason, count] of drops) this.#drop({ count, reason });
  }

  /** Answers how many there were. */
  #evaluateAll(records: readonly ReadableLogRecord[]): number {
    const { evaluate, now, ledger, diag } = this.#options;
    const nowMillis = now();
    let count = 0;
    try {
      for (; count < records.length; count += 1) {
        const record = records[count] as ReadableLogRecord;
        const reason = isRecord(record) ? evaluate(record, nowMillis) : 'invalid';
        if (reason === undefined) ledger.pass();
        else this.#note(reason, 1);
      }
    } catch (error) {
      diag.error('records', 'A list of records could not be read to its end', error);
    }
    return count;
  }

  #note(reason: DropReason, count: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  #drop(drop: Drop): void {
    const { ledger, diag, onDrop } = this.#options;
    ledger.drop(drop.reason, drop.count);
    this.#dropWarnings.onDrop();
    // What its own record leads to is not told again: that would have no end either.
    if (this.#isTelling) return;
    this.#isTelling = true;
    callSafely(
      () => onDrop?.(drop),
      (error) => diag.error('onDrop', 'The callback onDrop threw; the drop is counted all the same', error),
    );
    this.#isTelling = false;
  }
}

/** Of anything else there is nothing to read. */
function isRecord(record: unknown): boolean {
  return typeof record === 'object' && record !== null;
}
