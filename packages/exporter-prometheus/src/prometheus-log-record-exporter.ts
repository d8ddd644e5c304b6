import type { IncomingMessage, ServerResponse } from 'node:http';

import {
  type DeadlineOptions,
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

import { negotiate } from './exposition/negotiate.ts';
import { type ClientRegistry, registerFamilies } from './merge/client-registry.ts';
import type { LogMetricProducer } from './merge/metric-data.ts';
import { makeMetricProducer } from './merge/metric-producer.ts';
import { checkOtelNames } from './merge/otel-names.ts';
import { Outlets, type OutletStats } from './outlets.ts';
import { type PrometheusLogRecordExporterOptions, resolvePrometheusOptions } from './prometheus-exporter-options.ts';
import type { EndpointAddress } from './pull/endpoint-server.ts';
import { handleFetchRequest, handleNodeRequest } from './pull/scrape-handlers.ts';
import { type Exposition, ScrapeResponder } from './pull/scrape-responder.ts';
import type { ResolvedMetricRule } from './rules/resolve-metric-rule.ts';
import type { FamilySnapshot } from './store/family-snapshot.ts';
import { MetricStore } from './store/metric-store.ts';
import type { MetricStats } from './store/metric-tally.ts';

const NAMESPACE = '@spillway/exporter-prometheus';
const IDENTITY = { namespace: NAMESPACE, componentType: 'PrometheusLogRecordExporter' };

/** The account of every record exported, what became of records in each metric, and how pushing goes. */
export interface PrometheusExporterStats extends LedgerSnapshot, OutletStats {
  readonly metrics: readonly MetricStats[];
}

/**
 * Counts log records in counters, gauges and histograms, and hands those to Prometheus. It is no metric reader: it has
 * nothing to do with metrics that the application makes with OpenTelemetry's metrics API.
 *
 * - Order: a gauge that is set has the value of the record exported last; nothing else depends on the order.
 * - Concurrency: `export` evaluates all records before it returns and may be called at any time.
 * - Guarantee: a record that gets here is in every metric whose rule it meets, from the next scrape on. Metrics live in
 *   memory: what was counted after the last scrape or push goes with the process, and a new process begins at 0.
 * - Memory: bounded by the rules' `maxSeries`; records are not kept.
 * - `shutdown` waits, within its deadline, for scrapes under way and for the last push, and closes the endpoint.
 *   `metrics()`, the handlers and what was merged keep answering with the last state.
 * - At the end of a script without a shutdown what was counted since the last push is pushed, which may take 5 s.
 */
export class PrometheusLogRecordExporter implements LogRecordExporter {
  /**
   * Answers a request of `node:http`, and of frameworks on it, with the metrics, whatever its path. Can be passed as a
   * function. Never throws.
   */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers a request of the Fetch API with the metrics, whatever its path. Can be passed as a function. Never rejects. */
  readonly handleFetch: (request: Request) => Promise<Response>;
  readonly #store: MetricStore;
  readonly #metrics: readonly ResolvedMetricRule[];
  readonly #startMillis: number = Date.now();
  readonly #ledger: Ledger = new Ledger();
  readonly #diag: ThrottledDiag = new ThrottledDiag({ namespace: NAMESPACE });
  readonly #evaluation: RecordEvaluation;
  readonly #outlets: Outlets;
  #shutdown: Promise<void> | undefined;

  /**
   * Starts the endpoint, where there is one. That it cannot listen is told by {@link listening} and the diagnostics.
   * @throws TypeError or RangeError naming the option that is wrong; a secret is never part of the message.
   */
  constructor(options: PrometheusLogRecordExporterOptions = {}) {
    const resolved = resolvePrometheusOptions(options);
    const { rules, handlerAuth } = resolved;
    const diag = this.#diag;
    this.#metrics = rules.metrics;
    this.#store = new MetricStore(rules, (metric, error) =>
      diag.error(metric, `A record could not be counted in \`${metric}\``, error),
    );
    this.#evaluation = new RecordEvaluation({
      evaluate: (record, nowMillis) => {
        this.#store.add(record, nowMillis);
        return undefined;
      },
      now: idleClock(rules.metrics),
      ledger: this.#ledger,
      diag,
      onDrop: options.onDrop,
    });
    if (options.selfObsMeterProvider !== undefined)
      observeExporterLedger(options.selfObsMeterProvider, IDENTITY, this.#ledger, diag);
    const expose = (accept: string | undefined): Exposition => this.metrics(accept);
    const responder = new ScrapeResponder({ expose, auth: handlerAuth, diag });
    this.handleRequest = (request, response): void => void handleNodeRequest(responder, request, response, diag);
    this.handleFetch = (request): Promise<Response> => handleFetchRequest(responder, request);
    const families = (): readonly FamilySnapshot[] => this.families();
    this.#outlets = new Outlets(resolved, { families, expose, evaluated: () => this.#ledger.passed, diag });
  }

  /** Counts records and answers SUCCESS; FAILED after shutdown, when nothing is counted. Never throws. */
  export(records: ReadableLogRecord[], resultCallback: ResultCallback): void {
    this.#evaluation.export(records, resultCallback);
  }

  /** The metrics as text, for an endpoint of the application's own: in OpenMetrics where the header `Accept` asks for it. */
  metrics(accept?: string): Exposition {
    const { contentType, write } = negotiate(accept);
    return { contentType, body: write(this.families()) };
  }

  /** The metrics as they are now, for ways to Prometheus that are not here. */
  families(): FamilySnapshot[] {
    return this.#store.snapshot(performance.now());
  }

  /**
   * Puts the metrics into a `Registry` of prom-client 15 or `@prometheus-io/client`, beside the application's own.
   * @returns takes them out again
   * @throws Error naming a metric that the registry has already; nothing is registered then.
   */
  registerInto(registry: ClientRegistry): () => void {
    const readers = this.#store.readers();
    return registerFamilies(
      registry,
      readers.map((read) => () => read(performance.now())),
    );
  }

  /**
   * The metrics for the option `metricProducers` of `@opentelemetry/exporter-prometheus` 0.301 and other metric readers of
   * OpenTelemetry. They get no exemplars, for which a data point has no room.
   * @throws RangeError naming a metric or a label that would not be printed under its own name.
   */
  metricProducer(): LogMetricProducer {
    checkOtelNames(this.#metrics);
    return makeMetricProducer({ families: () => this.families(), startMillis: this.#startMillis });
  }

  /** Where the endpoint listens, once it does. Rejects where it cannot, and without the option `endpoint`. */
  listening(): Promise<EndpointAddress> {
    return this.#outlets.listening();
  }

  /**
   * Pushes the latest state, where there is a Pushgateway or a receiver of remote write; records are counted already when
   * they are exported. Resolves within `timeoutMillis` (30000 by default). Never rejects.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#outlets.forceFlush(options);
  }

  /** Puts the latest state into the outbox of remote write, without waiting for anything asynchronous. */
  flushSync(deadlineMillis: number): void {
    this.#outlets.flushSync(deadlineMillis);
  }

  /**
   * Ends scrapes under way and pushes a last time, or deletes what was pushed, within `timeoutMillis` (5000 by default),
   * and closes the endpoint. Never rejects.
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS));
    return this.#shutdown;
  }

  /** What became of every record exported. */
  stats(): PrometheusExporterStats {
    return { ...this.#ledger.snapshot(), ...this.#outlets.stats(), metrics: this.#store.stats() };
  }

  async #end(timeoutMillis: number): Promise<void> {
    this.#evaluation.end();
    await this.#outlets.shutdown(timeoutMillis);
  }
}

/** The clock by which idle gauges end. Where none can it is not read: that takes a sixth of what counting a record takes. */
function idleClock(metrics: readonly ResolvedMetricRule[]): () => number {
  const someEnd = metrics.some(({ idleTimeoutMillis }) => idleTimeoutMillis !== Infinity);
  return someEnd ? () => performance.now() : () => 0;
}
