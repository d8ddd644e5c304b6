import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  componentAttributes,
  type DeadlineOptions,
  type LedgerSnapshot,
  type LogRecordSnapshot,
  onBeforeExit,
  onPageHidden,
  severityIndex,
} from '@spillway/core';

import { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate, EnabledOptions } from '../decorator/delegate.ts';
import { observeLedger } from '../ledger-metrics.ts';
import { type SeverityCounts, SeverityTally } from '../severity-tally.ts';
import {
  type BurstDropLogRecordProcessorOptions,
  resolveBurstDropOptions,
  type ResolvedBurstDropOptions,
} from './burst-drop-options.ts';
import { BurstGate } from './burst-gate.ts';
import { RecordKey } from './record-key.ts';
import { SweepTimer } from '../sweep-timer.ts';

/** Account and state of a processor at one moment. */
export interface BurstDropStats extends LedgerSnapshot {
  /** Records dropped as `burst`, by severity; severities that did not occur are absent. */
  readonly droppedBySeverity: SeverityCounts;
  /** Keys that are tracked now, never more than `maxKeys`. */
  readonly keys: number;
  /** Summaries made so far, each for all suppressed records of one key in one window. */
  readonly summaries: number;
}

/** A summary may leave so much of its window late, so that the windows of many keys end with few timers. */
const LATEST = 0.1;
/** More would keep the application waiting for milliseconds. The rest leaves on the next turns of the event loop. */
const SUMMARIES_PER_SWEEP = 512;

/**
 * Drops what is too much of the same: the records of each key are limited, and one record, a summary, stands for those
 * that were suppressed.
 *
 * - A summary is the first suppressed record, with the number of them as `log_count`, and `first_observed_timestamp` and
 *   `last_observed_timestamp`. It leaves when its window has ended, when its key gives way to another, when memory is
 *   short, and at every flush: never more than one in a window of a key but for these.
 * - Guarantee: of records of limited severities, those that pass and the `log_count` of all summaries add up to those
 *   that came, but for drops under other reasons. The clock is monotonic: setting the time of day changes nothing.
 * - Order: a summary leaves before the record of its key that ends its window.
 * - Shutdown hands all summaries on and waits for the delegate.
 */
export class BurstDropLogRecordProcessor implements LogRecordProcessor {
  readonly #options: ResolvedBurstDropOptions;
  readonly #shell: DecoratorShell;
  readonly #delegate: Delegate;
  readonly #gate: BurstGate;
  readonly #recordKey = new RecordKey(Math.random() * 2 ** 32);
  readonly #timer: SweepTimer;
  readonly #tally = new SeverityTally();
  readonly #stopListening: readonly (() => void)[];
  #isDeciding = false;

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: BurstDropLogRecordProcessorOptions) {
    const resolved = resolveBurstDropOptions(options);
    const { delegate, selfObsMeterProvider: meterProvider } = resolved;
    this.#options = resolved;
    this.#gate = new BurstGate(resolved, (dueAt, now) => this.#timer.arm(dueAt, now));
    this.#timer = new SweepTimer(resolved.summaryIntervalMillis * LATEST, () => this.#sweep());
    this.#shell = new DecoratorShell({
      beforeFlush: () => this.#handOnPending(),
      beforeShutdown: () => this.#close(),
    });
    this.#delegate = this.#shell.addDelegate('delegate', delegate);
    if (meterProvider !== undefined) {
      const { ledger, diag } = this.#shell;
      const component = componentAttributes('BurstDropLogRecordProcessor');
      observeLedger({ meterProvider, diag, component, ledger, tally: { reason: 'burst', counts: this.#tally } });
    }
    const onEnd = (): void => this.#handOnPending();
    this.#stopListening = [onBeforeExit(onEnd), onPageHidden(onEnd)];
  }

  /** Passes a record or drops it. Never throws, blocks or waits. */
  onEmit(record: ReadWriteLogRecord, emitContext?: Context): void {
    if (!this.#shell.admit(emitContext)) return;
    // What an application logs from within its `key` or a `toJSON` passes: it must not move the cell that is decided on.
    const isKept = this.#isDeciding || this.#decide(record);
    // The delegate may log: it is called only when all is decided.
    if (this.#gate.hasLeaving) this.#handOnSummaries(this.#gate.takeLeaving());
    if (isKept) this.#shell.pass(this.#delegate, record, emitContext);
  }

  /** What the delegate answers; false after shutdown. */
  enabled(options: EnabledOptions): boolean {
    return !this.#shell.isShutDown && this.#delegate.enabled(options);
  }

  /**
   * Hands all summaries on, and resolves when the delegate has flushed or the time is over. Never rejects. Windows go on.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#shell.forceFlush(options);
  }

  /**
   * Hands all summaries on and shuts the delegate down. Never rejects; a second call gets the same promise.
   *
   * @param options `timeoutMillis`: budget of all that together, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#shell.shutdown(options);
  }

  /**
   * Hands all summaries on and lets the delegate keep what it holds, without asynchronous work: for a process that is
   * about to crash. Never throws.
   *
   * @param deadlineMillis how long it may take, in milliseconds
   */
  flushSync(deadlineMillis: number): void {
    this.#shell.flushSync(deadlineMillis);
  }

  /** Account and state at this moment, as plain data. */
  stats(): BurstDropStats {
    const ledger = this.#shell.ledger.snapshot();
    return {
      ...ledger,
      droppedBySeverity: this.#tally.snapshot(),
      keys: this.#gate.keys,
      summaries: ledger.created,
    };
  }

  #decide(record: ReadWriteLogRecord): boolean {
    this.#isDeciding = true;
    try {
      return this.#isKept(record);
    } catch (error) {
      this.#shell.dropInvalid(error);
      return false;
    } finally {
      this.#isDeciding = false;
    }
  }

  #isKept(record: ReadWriteLogRecord): boolean {
    const { severityNumber } = record;
    const severity = severityIndex(severityNumber);
    if (this.#options.isLimited[severity] !== true || !this.#readKey(record, severity)) return true;
    this.#gate.advance(performance.now());
    if (this.#gate.admit(record, this.#recordKey.hash)) return true;
    this.#shell.ledger.drop('burst');
    this.#tally.add(severityNumber);
    return false;
  }

  /** Whether the record has a key. */
  #readKey(record: ReadWriteLogRecord, severity: number): boolean {
    const { key } = this.#options;
    if (key === undefined) {
      this.#recordKey.readRecord(record, severity);
      return true;
    }
    const text = this.#shell.askForKey('key', key, record);
    if (text === undefined) return false;
    this.#recordKey.readText(text);
    return true;
  }

  #sweep(): void {
    const now = performance.now();
    this.#gate.advance(now);
    this.#handOnSummaries(this.#gate.takeDue(SUMMARIES_PER_SWEEP));
    this.#timer.arm(this.#gate.nextDueAt, now);
  }

  #handOnPending(): void {
    this.#timer.cancel();
    this.#handOnSummaries(this.#gate.takeAll());
  }

  #close(): void {
    for (const stop of this.#stopListening) stop();
    this.#handOnPending();
  }

  #handOnSummaries(summaries: readonly LogRecordSnapshot[]): void {
    for (const summary of summaries) {
      this.#shell.ledger.create();
      this.#shell.pass(this.#delegate, summary, ROOT_CONTEXT);
    }
  }
}
