import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { LogRecordSnapshot } from '@spillway/core';

import { SuppressedRecords } from './suppressed-records.ts';

/** What was suppressed and has no summary yet, cell by cell. */
export class PendingSummaries {
  readonly #maxBytes: number;
  readonly #byCell: (SuppressedRecords | undefined)[];
  /** Cells that have something, in the order in which each began. */
  readonly #cells = new Set<number>();
  #bytes = 0;

  constructor(cells: number, maxBytes: number) {
    this.#byCell = Array.from({ length: cells }, () => undefined);
    this.#maxBytes = maxBytes;
  }

  get(cell: number): SuppressedRecords | undefined {
    return this.#byCell[cell];
  }

  /** Begins with the first suppressed record of a cell. @throws what the record throws, if it cannot be read */
  open(cell: number, record: ReadWriteLogRecord, dueAt: number): void {
    const suppressed = new SuppressedRecords(record, dueAt);
    this.#byCell[cell] = suppressed;
    this.#cells.add(cell);
    this.#bytes += suppressed.bytes;
  }

  /** Ends what a cell has, if anything, and adds its summary to the list. */
  take(cell: number, summaries: LogRecordSnapshot[]): void {
    const suppressed = this.#byCell[cell];
    if (suppressed === undefined) return;
    this.#byCell[cell] = undefined;
    this.#cells.delete(cell);
    this.#bytes -= suppressed.bytes;
    summaries.push(suppressed.toSummary());
  }

  /** Ends those that are due, the oldest first, but no more than `max`. */
  takeDue(now: number, max: number): LogRecordSnapshot[] {
    const summaries: LogRecordSnapshot[] = [];
    for (const cell of this.#cells) {
      if (summaries.length >= max) break;
      if (now >= this.#dueAt(cell)) this.take(cell, summaries);
    }
    return summaries;
  }

  /** Ends the oldest until the others are within the bound of memory. The newest stays, whatever it weighs. */
  takeOverflow(summaries: LogRecordSnapshot[]): void {
    for (const cell of this.#cells) {
      if (this.#bytes <= this.#maxBytes || this.#cells.size === 1) break;
      this.take(cell, summaries);
    }
  }

  /** When the next one is due; Infinity where there is none. */
  get nextDueAt(): number {
    let next = Infinity;
    for (const cell of this.#cells) next = Math.min(next, this.#dueAt(cell));
    return next;
  }

  #dueAt(cell: number): number {
    return (this.#byCell[cell] as SuppressedRecords).dueAt;
  }
}
