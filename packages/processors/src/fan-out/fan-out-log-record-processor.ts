import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { componentAttributes, type DeadlineOptions, type LedgerSnapshot, LogRecordSnapshot } from '@spillway/core';

import { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate, EnabledOptions } from '../decorator/delegate.ts';
import { observeLedger } from '../ledger-metrics.ts';
import { FailureReporter } from './failure-reporter.ts';
import { type FanOutLogRecordProcessorOptions, resolveFanOutOptions } from './fan-out-options.ts';

/** Account of a fan-out. A record counts once, however many delegates get it; a report to the fallback is `created`. */
export interface FanOutStats extends LedgerSnapshot {
  /** Records that each delegate failed to take, in the order of `delegates`. The others got them all the same. */
  readonly failures: readonly number[];
  /** Calls that went wrong, of all delegates together: those of `failures`, flushes and others. */
  readonly errors: number;
}

/**
 * Hands each record to several delegates, each isolated from the others: one that throws, hangs or fails in a flush is
 * reported, and costs the others nothing.
 *
 * - Order: each delegate gets the records in the order in which they were emitted, the first delegate first.
 * - Isolation: each gets a view of its own; what it sets there changes neither the record nor what others see. An object
 *   in the body is shared.
 * - Guarantee: every record is handed to all delegates, or counted in `stats().dropped` under a reason.
 * - Shutdown flushes all delegates at the same time, then shuts all down at the same time, then the fallback, all within
 *   one budget.
 * - A processor shuts its exporter down: two delegates that share one exporter are not supported.
 */
export class FanOutLogRecordProcessor implements LogRecordProcessor {
  readonly #shell: DecoratorShell;
  readonly #delegates: readonly Delegate[];
  readonly #lastIndex: number;
  readonly #reporter: FailureReporter;

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: FanOutLogRecordProcessorOptions) {
    const { delegates, onError, fallback, selfObsMeterProvider: meterProvider } = resolveFanOutOptions(options);
    const shell = new DecoratorShell({ afterFlush: (deadline) => reporter.flushFallback(deadline) });
    const reporter = new FailureReporter(delegates.length, {
      shell,
      onError,
      fallback: fallback && shell.addLast('fallback', fallback),
    });
    this.#shell = shell;
    this.#reporter = reporter;
    this.#delegates = delegates.map((delegate, index) =>
      shell.addDelegate(`delegates[${index}]`, delegate, (operation, error, record) =>
        reporter.report(index, operation, error, record),
      ),
    );
    this.#lastIndex = delegates.length - 1;
    if (meterProvider !== undefined) {
      const { diag, ledger } = shell;
      observeLedger({ meterProvider, diag, component: componentAttributes('FanOutLogRecordProcessor'), ledger });
    }
  }

  /** Hands a record to all delegates. Never throws, blocks or waits. */
  onEmit(record: ReadWriteLogRecord, emitContext?: Context): void {
    if (!this.#shell.admit(emitContext)) return;
    const view = this.#viewOf(record);
    if (view === undefined) return;
    this.#reporter.latestResource = view.resource;
    this.#shell.ledger.pass();
    const last = this.#lastIndex;
    // The first view, which the others are made of, is the last delegate's: nobody reads it after that.
    for (let index = 0; index < last; index += 1) {
      this.#shell.emit(this.#delegates[index] as Delegate, new LogRecordSnapshot(view, false), emitContext);
    }
    this.#shell.emit(this.#delegates[last] as Delegate, view, emitContext);
  }

  /** Whether any delegate wants records like these; until shutdown. */
  enabled(options: EnabledOptions): boolean {
    return !this.#shell.isShutDown && this.#delegates.some((delegate) => delegate.enabled(options));
  }

  /**
   * Resolves when all delegates have flushed, or when the time is over. Never rejects.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#shell.forceFlush(options);
  }

  /**
   * Flushes all delegates, then shuts all of them down. Never rejects; a second call gets the same promise.
   *
   * @param options `timeoutMillis`: budget of all that together, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#shell.shutdown(options);
  }

  /**
   * Lets the delegates that can do it keep what they hold without asynchronous work: for a process that is about to
   * crash. Never throws.
   *
   * @param deadlineMillis how long it may take, in milliseconds, which the delegates share
   */
  flushSync(deadlineMillis: number): void {
    this.#shell.flushSync(deadlineMillis);
  }

  /** The account, and what went wrong, for health checks and tests. */
  stats(): FanOutStats {
    const { failures, errors } = this.#reporter;
    return { ...this.#shell.ledger.snapshot(), failures, errors };
  }

  #viewOf(record: ReadWriteLogRecord): LogRecordSnapshot | undefined {
    try {
      return new LogRecordSnapshot(record, false);
    } catch (error) {
      this.#shell.dropInvalid(error);
      return undefined;
    }
  }
}
