import {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  flushBeforeExit,
  Ledger,
  type LedgerSnapshot,
  observeExporterLedger,
  readTimeoutMillis,
  RecordEvaluation,
  type ResultCallback,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
} from '@spillway/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { IncidentDesk } from './incident-desk.ts';
import { type PagerDutyLogRecordExporterOptions, resolvePagerDutyOptions } from './pagerduty-exporter-options.ts';
import { observePaging } from './paging-metrics.ts';
import type { AdmissionStats } from './record-admission.ts';
import type { PageStats } from './sending/page-account.ts';

const NAMESPACE = '@spillway/exporter-pagerduty';
const IDENTITY = { namespace: NAMESPACE, componentType: 'PagerDutyLogRecordExporter' };

/** The account of every record exported, what they meant, and how paging goes. */
export interface PagerDutyExporterStats extends LedgerSnapshot, AdmissionStats, PageStats {
  /** Incidents that are known now, also those that are still to be paged. */
  readonly openIncidents: number;
}

/**
 * Opens, updates and resolves incidents of PagerDuty from log records, so that a storm of errors pages once, and the page that
 * matters gets through.
 *
 * - Order: pages leave before resolves, these before updates; of pages the worst first. Of one incident one event is on its way
 *   at a time.
 * - Concurrency: `export` evaluates all records before it returns, and a page that is due leaves within it. Up to four requests
 *   at once for each routing key.
 * - Guarantee: a page is sent until PagerDuty has taken it, late rather than never; with a store also after the process has
 *   ended. Sent again it has the same key, by which PagerDuty opens one incident. Updates tell of the latest state only.
 * - Memory: bounded by the limits of incidents; of a record no more than a sample is kept.
 * - `shutdown` waits, within its deadline, for pages and resolves. What is left stays in the store, or is dropped as `shutdown`.
 */
export class PagerDutyLogRecordExporter implements LogRecordExporter {
  readonly #desk: IncidentDesk;
  readonly #ledger: Ledger = new Ledger();
  readonly #diag: ThrottledDiag = new ThrottledDiag({ namespace: NAMESPACE });
  readonly #evaluation: RecordEvaluation;
  readonly #stopExitFlush: () => void;
  #shutdown: Promise<void> | undefined;

  /**
   * Reads the store, where there is one, and sends what an earlier process has left.
   * @throws TypeError or RangeError naming the option that is wrong; a secret is never part of the message.
   */
  constructor(options: PagerDutyLogRecordExporterOptions) {
    const resolved = resolvePagerDutyOptions(options);
    const [diag, ledger] = [this.#diag, this.#ledger];
    const desk = new IncidentDesk(resolved, diag, options.onPageDrop);
    this.#desk = desk;
    this.#evaluation = new RecordEvaluation({
      evaluate: (record, nowMillis) => desk.evaluate(record, nowMillis),
      now: desk.now,
      ledger,
      diag,
      onDrop: options.onDrop,
    });
    if (options.selfObsMeterProvider !== undefined) {
      observeExporterLedger(options.selfObsMeterProvider, IDENTITY, ledger, diag, (meter, component) =>
        observePaging(meter, component, () => this.stats()),
      );
    }
    this.#stopExitFlush = flushBeforeExit({
      get entered() {
        return ledger.passed;
      },
      forceFlush: (flushOptions) => this.forceFlush(flushOptions),
    });
    desk.open();
  }

  /** Evaluates records and answers SUCCESS; FAILED after shutdown, when nothing is evaluated. Never throws. */
  export(records: ReadableLogRecord[], resultCallback: ResultCallback): void {
    this.#evaluation.export(records, resultCallback);
  }

  /**
   * Sends pages, resolves and changes that wait, and resolves when PagerDuty has them, when it can be seen that it will not
   * have them, or after `timeoutMillis` (30000 by default). Never rejects.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    return this.#desk.flush(new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS)));
  }

  /** Flushes within `timeoutMillis` (5000 by default), saves what is left or drops it, and frees everything. Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  /** Saves open incidents and pages that wait, as far as the store can without waiting for anything asynchronous. */
  flushSync(_deadlineMillis?: number): void {
    if (this.#shutdown === undefined) this.#desk.save();
  }

  /** What became of every record exported, and of every page. */
  stats(): PagerDutyExporterStats {
    return { ...this.#ledger.snapshot(), ...this.#desk.stats() };
  }

  async #end(deadline: Deadline): Promise<void> {
    this.#stopExitFlush();
    this.#evaluation.end();
    await this.#desk.close(deadline);
  }
}
