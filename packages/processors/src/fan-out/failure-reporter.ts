import { type Context, context } from '@opentelemetry/api';
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { TokenBucket } from '@spillway/concurrency';
import { callSafely, type Deadline } from '@spillway/core';

import type { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate, DelegateOperation } from '../decorator/delegate.ts';
import { describeError, toError } from '../decorator/described-error.ts';
import { failureRecord } from './failure-record.ts';
import type { FanOutError } from './fan-out-error.ts';
import { recordEssentials } from './record-essentials.ts';

/** Who is told, and on whose account. */
export interface FailureListeners {
  readonly shell: DecoratorShell;
  readonly onError: ((report: FanOutError) => void) | undefined;
  readonly fallback: Delegate | undefined;
}

/** Reports at once, and per second after that: a failure that leads to a report that leads to a failure must come to an end. */
const REPORTS = { burst: 100, ratePerSecond: 10 };

/** Tells what goes wrong in delegates: to `onError` and the fallback, or to diagnostics where there is neither. Never throws. */
export class FailureReporter {
  readonly #listeners: FailureListeners;
  readonly #hasListeners: boolean;
  readonly #failures: number[];
  readonly #reports = new TokenBucket(REPORTS);
  /** Marks the context of a report, so that what an `async` callback causes later is recognized as well. */
  readonly #reportKey = Symbol('report of a fan-out');
  #isReporting = false;
  #isFallbackBehind = false;
  #errors = 0;
  /** Resource of the latest record, for reports that are about no record. */
  latestResource: ReadWriteLogRecord['resource'] | undefined = undefined;

  constructor(delegateCount: number, listeners: FailureListeners) {
    this.#listeners = listeners;
    this.#hasListeners = listeners.onError !== undefined || listeners.fallback !== undefined;
    this.#failures = Array.from({ length: delegateCount }, () => 0);
  }

  /** Calls that went wrong so far, in all delegates. */
  get errors(): number {
    return this.#errors;
  }

  /** Records that each delegate failed to take. */
  get failures(): readonly number[] {
    return [...this.#failures];
  }

  report(index: number, operation: DelegateOperation, thrown: unknown, record?: ReadWriteLogRecord): void {
    this.#errors += 1;
    if (operation === 'onEmit') this.#failures[index] = (this.#failures[index] as number) + 1;
    if (!this.#hasListeners) return this.#warn(index, operation, thrown);
    try {
      const active = context.active();
      // A delegate that fails in what the report of a failure has caused would be reported without end.
      if (this.#isReporting || active.getValue(this.#reportKey) === true) return this.#warn(index, operation, thrown);
      if (!this.#reports.tryTake(1, performance.now())) return this.#warn(index, operation, thrown);
      const error = describeError(thrown);
      const report = { delegate: index, operation, error, ...(record && { record: recordEssentials(record) }) };
      this.#tellAs(active.setValue(this.#reportKey, true), report, record);
    } catch (error) {
      // Only a context manager of the application is left to throw here.
      this.#warn(index, operation, error);
    }
    return undefined;
  }

  /** Flushes the fallback again if it was told something since it was flushed here last. */
  async flushFallback(deadline: Deadline): Promise<void> {
    if (!this.#isFallbackBehind) return;
    this.#isFallbackBehind = false;
    await this.#listeners.fallback?.forceFlush(deadline);
  }

  #tellAs(reportContext: Context, report: FanOutError, failed: ReadWriteLogRecord | undefined): void {
    this.#isReporting = true;
    try {
      context.with(reportContext, () => this.#tell(reportContext, report, failed));
    } finally {
      this.#isReporting = false;
    }
  }

  #tell(reportContext: Context, report: FanOutError, failed: ReadWriteLogRecord | undefined): void {
    const { shell, onError, fallback } = this.#listeners;
    if (onError !== undefined) {
      callSafely(
        () => onError(report),
        (error) => shell.diag.error('on-error', 'The onError callback threw', toError(error)),
      );
    }
    if (fallback === undefined) return;
    const { latestResource } = this;
    const told = failureRecord(report, { epochMillis: Date.now(), failed, latestResource });
    this.#isFallbackBehind = true;
    shell.ledger.create();
    shell.pass(fallback, told, reportContext);
  }

  #warn(index: number, operation: DelegateOperation, thrown: unknown): void {
    const field = `delegates[${index}]`;
    const { diag } = this.#listeners.shell;
    diag.error(`${field} ${operation}`, `${operation}() of \`${field}\` failed`, toError(thrown));
  }
}
