import {
  answerExport,
  callSafely,
  checkFunction,
  Deadline,
  type DeadlineOptions,
  type Drop,
  DropWarnings,
  FLUSH_TIMEOUT_MILLIS,
  Ledger,
  type LedgerSnapshot,
  readTimeoutMillis,
  type ResultCallback,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
  workUntilDeadline,
} from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { Backend } from './backend.ts';
import type { Carriage, CarriedOwner } from './carrier.ts';
import type { DestinationOptions, DestinationPlace, EncodeContext } from './destination-options.ts';
import { ExporterMetrics } from './exporter-metrics.ts';
import type { RequestProblem } from './held-payload.ts';
import { Intake } from './intake.ts';
import type { EncodedPayload, Payload } from './payload.ts';
import { ProblemLog } from './problem-log.ts';
import {
  type CheckedHeaders,
  checkHeaders,
  payloadHeaders,
  revealHeaders,
  revealHeadersNow,
} from './request-headers.ts';
import { namedError } from './named-error.ts';

/** A ledger with what tells an operator how sending goes. */
export interface DestinationStats extends LedgerSnapshot {
  /** Requests that the backend took as hoped. */
  readonly requestsSucceeded: number;
  /** Requests that were refused, failed or timed out. */
  readonly requestsFailed: number;
}

/** One exporter's way to its backend, from `export` until the backend has the records, with the ledger of it all. */
export class Destination<Item = ReadableLogRecord> implements CarriedOwner {
  readonly backend: Backend;
  readonly backendUrl: string | undefined;
  readonly destinationId: string;
  readonly onGivenUp: ((record: EncodedPayload) => void) | undefined;
  readonly #headers: CheckedHeaders;
  readonly #carriage: Carriage;
  readonly #now: () => number;
  readonly #onDrop: ((drop: Drop) => void) | undefined;
  readonly #onEnd: DestinationPlace['onEnd'];
  readonly #ledger = new Ledger();
  readonly #metrics: ExporterMetrics;
  readonly #diag: ThrottledDiag;
  readonly #problems: ProblemLog;
  readonly #dropWarnings: DropWarnings;
  readonly #intake: Intake<Item>;
  #url: string | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;
  #requestsSucceeded = 0;
  #requestsFailed = 0;

  /**
   * @param destinationId tells it from others that send through the same outbox
   * @param onEnd called after everything else, when it is shut down
   */
  constructor(options: DestinationOptions<Item>, { carrier, destinationId, delivery, onEnd }: DestinationPlace) {
    const { encode, merge, namespace, componentType, signal = 'log', onDrop, onGivenUp } = options;
    const { now, epochNow, selfObsMeterProvider } = delivery;
    this.backend = options.backend;
    this.backendUrl = options.backendUrl;
    this.destinationId = destinationId;
    this.#url = options.url;
    this.#headers = checkHeaders(options.headers ?? {});
    this.#now = now;
    checkFunction('onDrop', onDrop);
    this.#onDrop = onDrop;
    this.onGivenUp =
      onGivenUp &&
      ((record) =>
        callSafely(
          () => onGivenUp(record),
          (error) => this.#diag.error('onGivenUp', 'The callback onGivenUp threw', error),
        ));
    this.#onEnd = onEnd;
    this.#diag = new ThrottledDiag({ namespace, now });
    this.#problems = new ProblemLog(this.#diag);
    this.#dropWarnings = new DropWarnings(this.#diag, this.#ledger);
    this.#metrics = new ExporterMetrics({ componentType, signal }, selfObsMeterProvider, this.#ledger);
    const carriage = carrier.attach(this);
    this.#carriage = carriage;
    const sizeRatio = (tenant: string | undefined): number => carriage.sizeRatio(tenant);
    const context = (): EncodeContext => ({ sizeRatio, nowMillis: epochNow() });
    this.#intake = new Intake<Item>(this, carriage, this.#ledger, {
      encode: (records) => encode(records, context()),
      merge: merge && ((payloads) => merge(payloads, context())),
      now,
      diag: this.#diag,
      writesAhead: carrier.writesAhead,
      lingerMillis: carrier.lingerMillis,
    });
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** The SDK's `LogRecordExporter.export`: answers SUCCESS once the outbox has the records, FAILED after shutdown. */
  export(records: readonly Item[], callback: ResultCallback): void {
    if (this.#shutdown === undefined) this.#intake.export(records, callback);
    else answerExport(callback, this.#diag, namedError('ShutdownError', 'The exporter has been shut down.'));
  }

  /** Sends to another address from now on, also what is held; undefined disables. */
  setUrl(url: string | undefined): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#problems.reset();
    this.#carriage.redirect();
  }

  /**
   * Waits until what was exported before is stored by the backend, or the deadline passes. With an open circuit breaker
   * one probe is sent; if it fails, the rest stays held and this resolves at once. Never rejects.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    const flush = this.#flush(this.#deadline(options, FLUSH_TIMEOUT_MILLIS));
    this.#flushing = Promise.all([this.#flushing, flush]).then(() => {});
    return flush;
  }

  /** Flushes within the deadline, drops what is left as `shutdown`, and frees everything. Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(this.#deadline(options, SHUTDOWN_TIMEOUT_MILLIS));
    return this.#shutdown;
  }

  /**
   * Encodes what is pending, and makes everything durable without anything asynchronous on this thread: in an outbox that
   * outlives the process or the page, or by letting a worker send it, within the time in milliseconds. From a page it sends
   * as much as can outlive it. Never throws.
   */
  flushSync(deadlineMillis: number): void {
    callSafely(
      () => {
        const deadline = this.#deadline({ timeoutMillis: deadlineMillis }, 0);
        this.#intake.hurry();
        return this.#carriage.flushSync(deadline);
      },
      (error) => this.#diag.error('flushSync', 'The outbox could not be flushed', error),
    );
  }

  stats(): DestinationStats {
    return {
      ...this.#ledger.snapshot(),
      requestsSucceeded: this.#requestsSucceeded,
      requestsFailed: this.#requestsFailed,
    };
  }

  get carried(): number {
    return this.#ledger.held - this.#intake.gatheredRecords;
  }

  headers(payload: Payload): Record<string, string> | Promise<Record<string, string>> {
    const known = this.hasFixedHeaders ? this.revealHeadersNow() : undefined;
    if (known !== undefined) return payloadHeaders(known, this.backend, payload);
    return this.revealHeaders().then((headers) => payloadHeaders(headers, this.backend, payload));
  }

  handOn(): void {
    this.#intake.hurry();
  }

  get hasFixedHeaders(): boolean {
    return Object.values(this.#headers).every(({ isFixed }) => isFixed);
  }

  revealHeaders(): Promise<Record<string, string>> {
    return revealHeaders(this.#headers);
  }

  revealHeadersNow(): Record<string, string> | undefined {
    return revealHeadersNow(this.#headers);
  }

  onRecovered(count: number): void {
    this.#ledger.recover(count);
  }

  onDelivered(count: number): void {
    this.#ledger.pass(count);
    this.#metrics.onExported(count);
  }

  onDropped(drop: Drop): void {
    this.#ledger.drop(drop.reason, drop.count);
    this.#metrics.onDropped(drop);
    // Without an address records are meant to be dropped.
    if (drop.reason !== 'disabled') this.#dropWarnings.onDrop(drop.error);
    callSafely(
      () => this.#onDrop?.(drop),
      (error) => this.#diag.error('onDrop', 'The callback onDrop threw; the drop is counted all the same', error),
    );
  }

  onRequestEnd(problem: RequestProblem | undefined, durationMillis: number): void {
    if (problem === undefined) this.#requestsSucceeded += 1;
    else this.#requestsFailed += 1;
    this.#metrics.onRequestEnd(problem, durationMillis);
    this.#problems.onRequestEnd(problem);
  }

  #deadline(options: DeadlineOptions | undefined, defaultMillis: number): Deadline {
    return new Deadline(readTimeoutMillis(options, defaultMillis), this.#now);
  }

  async #flush(deadline: Deadline): Promise<void> {
    const settled = this.#intake.settled();
    // What is exported from here on is not waited for.
    const mark = this.#carriage.mark();
    await workUntilDeadline(deadline, settled);
    await this.#carriage.flush(mark, deadline);
  }

  async #end(deadline: Deadline): Promise<void> {
    await workUntilDeadline(deadline, this.#flushing);
    await this.#flush(deadline);
    await this.#carriage.abandon(() => this.#intake.end());
    this.#dropWarnings.flush();
    this.#metrics.end();
    await this.#onEnd(deadline).catch((error: unknown) =>
      this.#diag.error('close', 'The outbox could not be closed', error),
    );
  }
}
