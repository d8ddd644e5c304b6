import { callSafely, type Drop, DropWarnings, type Ledger, type ThrottledDiag } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { ResolvedMetricRule } from './rules/resolve-metric-rule.ts';
import type { MetricStore } from './store/metric-store.ts';

interface RecordCounterOptions {
  readonly store: MetricStore;
  readonly metrics: readonly ResolvedMetricRule[];
  readonly ledger: Ledger;
  readonly diag: ThrottledDiag;
  readonly onDrop: ((drop: Drop) => void) | undefined;
}

/** Counts what is exported in the store, and accounts for it: each record has passed, or is dropped for a reason. Never throws. */
export class RecordCounter {
  readonly #options: RecordCounterOptions;
  readonly #dropWarnings: DropWarnings;
  readonly #now: () => number;
  #isCounting = false;
  /** Records that came from within the counting that is under way. */
  #fromWithin = 0;
  #isTelling = false;

  constructor(options: RecordCounterOptions) {
    this.#options = options;
    this.#dropWarnings = new DropWarnings(options.diag, options.ledger);
    this.#now = idleClock(options.metrics);
  }

  count(records: readonly ReadableLogRecord[]): void {
    this.#options.ledger.receive(records.length);
    // A function of a rule that logs would be asked about its own record, and that again, without end.
    if (this.#isCounting) {
      this.#fromWithin += records.length;
      return;
    }
    this.#isCounting = true;
    const invalid = this.#countEach(records);
    this.#isCounting = false;
    const suppressed = this.#fromWithin;
    this.#fromWithin = 0;
    if (invalid > 0) this.#drop({ count: invalid, reason: 'invalid' });
    if (suppressed > 0) this.#drop({ count: suppressed, reason: 'suppressed' });
  }

  /** Tells of drops that no warning has told yet. */
  end(): void {
    this.#dropWarnings.flush();
  }

  /** Answers how many of them are no records. */
  #countEach(records: readonly ReadableLogRecord[]): number {
    const { store, ledger } = this.#options;
    const nowMillis = this.#now();
    let invalid = 0;
    for (const record of records) {
      if (isRecord(record)) {
        store.add(record, nowMillis);
        ledger.pass();
      } else {
        invalid += 1;
      }
    }
    return invalid;
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

/** The clock by which idle gauges end. Where none can it is not read: that takes a sixth of what counting a record takes. */
function idleClock(metrics: readonly ResolvedMetricRule[]): () => number {
  const someEnd = metrics.some(({ idleTimeoutMillis }) => idleTimeoutMillis !== Infinity);
  return someEnd ? () => performance.now() : () => 0;
}
