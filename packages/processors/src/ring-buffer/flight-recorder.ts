import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  type BackpressureWatch,
  type DropReason,
  estimateRecordBytes,
  type Ledger,
  type LedgerSnapshot,
  type LogRecordSnapshot,
} from '@spillway/core';

import { SweepTimer } from '../sweep-timer.ts';
import type { Delegate } from '../decorator/delegate.ts';
import type { HandOver } from './hand-over.ts';
import { ATTR_LOG_BUFFERED, copyLogRecord } from './held-log-record.ts';
import { PassThroughWindows } from './pass-through-windows.ts';
import type { ResolvedRingBufferOptions } from './resolve-ring-buffer-options.ts';
import type { RingBufferStats } from './ring-buffer-stats.ts';
import { ScopedRings } from './scoped-rings.ts';

/** Freeing memory may be late by this part of `ttlMillis`, so that a sweep frees many records at once. */
const SWEEPS_PER_TTL = 16;

/** Why a record leaves without having been released. */
type LeaveReason = Extract<DropReason, 'evicted' | 'expired' | 'too_large' | 'shutdown'>;

interface FlightRecorderContext {
  readonly ledger: Ledger;
  readonly handOver: HandOver;
  readonly backpressure: BackpressureWatch | undefined;
  /** Where released records go. */
  readonly delegate: Delegate;
  /** Where all others go. */
  readonly untriggered: Delegate | undefined;
}

/** The state of the recorder: what is held and which scopes pass. What leaves is given to the hand-over, which must be run. */
export class FlightRecorder {
  readonly #context: FlightRecorderContext;
  readonly #ownsRecords: boolean;
  readonly #rings: ScopedRings<LogRecordSnapshot>;
  readonly #windows: PassThroughWindows;
  readonly #timer: SweepTimer;
  readonly #left: Record<LeaveReason, number> = { evicted: 0, expired: 0, too_large: 0, shutdown: 0 };
  #triggers = 0;
  #released = 0;

  constructor(options: ResolvedRingBufferOptions, context: FlightRecorderContext) {
    this.#context = context;
    this.#ownsRecords = options.mode === 'hold';
    this.#rings = new ScopedRings(options, (record, reason) => this.#leave(record, reason));
    this.#windows = new PassThroughWindows(options.passThroughMillis, options.maxScopes);
    this.#timer = new SweepTimer(options.ttlMillis / SWEEPS_PER_TTL, () => this.#sweep());
  }

  get pressure(): number {
    return this.#rings.pressure;
  }

  /** Whether records of this scope pass at once. */
  isPassing(key: string, now: number): boolean {
    return this.#windows.isOpen(key, now);
  }

  /** Holds a record. Where it is too large, it leaves at once. */
  hold(key: string, record: LogRecordSnapshot, now: number): void {
    const isHeld = this.#rings.hold(key, record, estimateRecordBytes(record), now);
    if (!isHeld) this.#leave(record, 'too_large');
    // Where others are held, the timer waits for one that is older.
    else if (this.#rings.size === 1) this.#timer.arm(this.#rings.nextExpiryAt, now);
  }

  /** Releases what a scope holds and lets its records pass from now on. Answers how many records it released. */
  trigger(key: string, now: number): number {
    this.#windows.open(key, now);
    return this.#release(this.#rings.release(key, now), now);
  }

  /** Releases everything. Answers how many records it was. */
  triggerAll(now: number): number {
    return this.#release(this.#rings.releaseAll(now), now);
  }

  /** Lets go of everything, for good. */
  end(now: number): void {
    this.#timer.cancel();
    this.#windows.clear();
    for (const record of this.#rings.releaseAll(now)) this.#leave(record, 'shutdown');
  }

  /** Copies of everything held. */
  snapshot(): ReadableLogRecord[] {
    return this.#rings.values().map((record) => copyLogRecord(record));
  }

  stats(): Omit<RingBufferStats, keyof LedgerSnapshot> {
    return {
      bufferedRecords: this.#rings.size,
      bufferedBytes: this.#rings.bytes,
      scopes: this.#rings.scopes,
      passingScopes: this.#windows.size,
      pressure: this.#rings.pressure,
      triggers: this.#triggers,
      released: this.#released,
      evicted: this.#left.evicted,
      expired: this.#left.expired,
      tooLarge: this.#left.too_large,
    };
  }

  #release(records: readonly LogRecordSnapshot[], now: number): number {
    const { handOver, delegate } = this.#context;
    for (const record of records) handOver.add(delegate, record.setAttribute(ATTR_LOG_BUFFERED, true));
    this.#triggers += 1;
    this.#released += records.length;
    this.#afterLess(now);
    return records.length;
  }

  #sweep(): void {
    const now = performance.now();
    this.#rings.expire(now);
    this.#windows.expire(now);
    this.#afterLess(now);
    this.#context.handOver.run();
  }

  #afterLess(now: number): void {
    const dueAt = Math.min(this.#rings.nextExpiryAt, this.#windows.nextEndAt);
    if (dueAt === Infinity) this.#timer.cancel();
    else this.#timer.arm(dueAt, now);
    this.#context.backpressure?.update(this.#rings.pressure);
  }

  #leave(record: LogRecordSnapshot, reason: LeaveReason): void {
    this.#left[reason] += 1;
    const { ledger, handOver, untriggered } = this.#context;
    if (!this.#ownsRecords) return;
    if (untriggered === undefined) ledger.drop(reason);
    else handOver.add(untriggered, record);
  }
}
