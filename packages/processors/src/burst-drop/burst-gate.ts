import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { LogRecordSnapshot } from '@spillway/core';

import type { ResolvedBurstDropOptions } from './burst-drop-options.ts';
import type { BurstLimiter } from './burst-limiter.ts';
import { KeyTable } from './key-table.ts';
import { PendingSummaries } from './pending-summaries.ts';
import type { TextHash } from './text-hash.ts';

type BurstGateOptions = Pick<
  ResolvedBurstDropOptions,
  'createLimiter' | 'summaryIntervalMillis' | 'maxKeys' | 'maxSummaryBytes'
>;

/** Lets the records of each key through up to its limit, and has the summaries of the others. It reads no clock. */
export class BurstGate {
  readonly #table: KeyTable;
  readonly #limiter: BurstLimiter;
  readonly #pending: PendingSummaries;
  readonly #summaryIntervalMillis: number;
  readonly #onWait: (dueAt: number, now: number) => void;
  #leaving: LogRecordSnapshot[] = [];
  #now = 0;

  /** @param onWait told when a summary that has begun now will be due; must not use the gate */
  constructor(options: BurstGateOptions, onWait: (dueAt: number, now: number) => void) {
    const { maxKeys } = options;
    this.#limiter = options.createLimiter(maxKeys);
    this.#pending = new PendingSummaries(maxKeys, options.maxSummaryBytes);
    this.#summaryIntervalMillis = options.summaryIntervalMillis;
    this.#onWait = onWait;
    this.#table = new KeyTable(maxKeys, (cell) => {
      this.#pending.take(cell, this.#leaving);
      this.#limiter.reset(cell);
    });
  }

  /** Keys that are tracked now. */
  get keys(): number {
    return this.#table.size;
  }

  /** Whether summaries have to leave at once, before the record that was asked for last. */
  get hasLeaving(): boolean {
    return this.#leaving.length > 0;
  }

  /** When the next summary that waits is due; Infinity where there is none. */
  get nextDueAt(): number {
    return this.#pending.nextDueAt;
  }

  /**
   * Tells the time, in milliseconds of a monotonic clock. It is no argument of `admit`: a number with a fraction that is
   * handed to a function of that size is an object on the heap, for each record.
   */
  advance(now: number): void {
    this.#now = now;
  }

  /** Whether a record of a key passes now. @throws what the record throws, if it cannot be read where it does not pass */
  admit(record: ReadWriteLogRecord, key: TextHash): boolean {
    const now = this.#now;
    const cell = this.#table.find(key.a, key.b);
    const suppressed = this.#pending.get(cell);
    const isDue = suppressed !== undefined && now >= suppressed.dueAt;
    if (isDue) this.#pending.take(cell, this.#leaving);
    if (this.#limiter.admit(cell, now)) return true;
    if (suppressed === undefined || isDue) this.#suppressFirst(record, cell);
    else suppressed.add(record);
    return false;
  }

  /** Summaries that have to leave at once. */
  takeLeaving(): LogRecordSnapshot[] {
    const leaving = this.#leaving;
    this.#leaving = [];
    return leaving;
  }

  /** Summaries that are due now, the oldest first, but no more than `max`. */
  takeDue(max: number): LogRecordSnapshot[] {
    return this.#pending.takeDue(this.#now, max);
  }

  /** All summaries, due or not. */
  takeAll(): LogRecordSnapshot[] {
    return this.#pending.takeDue(Infinity, Infinity);
  }

  #suppressFirst(record: ReadWriteLogRecord, cell: number): void {
    const now = this.#now;
    const dueAt = this.#limiter.windowStart(cell, now) + this.#summaryIntervalMillis;
    this.#pending.open(cell, record, dueAt);
    this.#pending.takeOverflow(this.#leaving);
    this.#onWait(dueAt, now);
  }
}
