import { type DeadlineOptions, type ResultCallback, ThrottledDiag } from '@spillway/core';
import { Delivery, type Destination, type DestinationStats } from '@spillway/delivery';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { encode } from './encode.ts';
import { EncodeState } from './encode-state.ts';
import { LOKI_BACKEND_URL, lokiBackend } from './loki-backend.ts';
import { mergePayloads } from './merge-payloads.ts';
import { type LokiLogRecordExporterOptions, resolveLokiOptions } from './loki-exporter-options.ts';
import { pushUrl } from './push-url.ts';

const NAMESPACE = '@spillway/exporter-loki';

/** The count of streams begins anew each hour; until then there is nothing new to say. */
const WARNING_INTERVAL_MILLIS = 60 * 60 * 1000;

/**
 * Sends log records to Grafana Loki, mapped as Loki's own OTLP endpoint maps them, and accounts for each.
 *
 * - Order: each record of a stream has a time of its own, in the order of export; Loki answers queries in that order. The
 *   order of arrival is not promised: requests overlap, and payloads of ERROR and above overtake.
 * - Concurrency: `export` may be called at any time. What is exported in one turn of the event loop is encoded together.
 *   Five requests at once by default.
 * - Guarantee: at least once. What is sent again is identical to the byte, and Loki keeps one of identical lines.
 *   SUCCESS means that the exporter has taken responsibility; refusals are counted in `stats().dropped` and `onDrop`. With
 *   `outbox: fileOutbox(...)` it means that the records are on disk, and outlive the process.
 * - Cannot be known: a request that packs more than 16 streams can be answered with success although Loki refused lines of
 *   all but its last stream; lines that other processes write to the same stream can be taken for equal, or push the
 *   stream's newest time so far ahead that Loki refuses older lines.
 * - `shutdown` waits, within its deadline, for what was exported; what is left stays held on disk, or is dropped as
 *   `shutdown`.
 */
export class LokiLogRecordExporter implements LogRecordExporter {
  readonly #destination: Destination;

  /** @throws TypeError or RangeError naming the option that is wrong; a secret is never part of the message. */
  constructor(options: LokiLogRecordExporterOptions = {}) {
    const { url, headers, encode: encodeOptions } = resolveLokiOptions(options);
    const diag = new ThrottledDiag({ namespace: NAMESPACE, intervalMillis: WARNING_INTERVAL_MILLIS });
    const state = new EncodeState(encodeOptions, {
      onStreamLimit: () =>
        diag.warn(
          'streams',
          `More than ${encodeOptions.maxStreams} streams within an hour: new labels become metadata.`,
        ),
      onTenantError: (error) => diag.error('tenant', 'The function tenantId failed', error),
    });
    const delivery = options.delivery ?? new Delivery(options);
    this.#destination = delivery.attach({
      backend: lokiBackend,
      backendUrl: LOKI_BACKEND_URL,
      url,
      headers,
      encode: (records, context) => encode(records, state, context),
      merge: (payloads, { sizeRatio }) =>
        mergePayloads(payloads, (tenant) => encodeOptions.maxRequestBytes * sizeRatio(tenant)),
      onDrop: options.onDrop,
      namespace: NAMESPACE,
      componentType: 'LokiLogRecordExporter',
    });
  }

  /** Takes records: answers SUCCESS once they are encoded and held, FAILED only after shutdown. Never throws. */
  export(records: ReadableLogRecord[], resultCallback: ResultCallback): void {
    this.#destination.export(records, resultCallback);
  }

  /**
   * Waits until Loki has what was exported before, within `timeoutMillis` (30000 by default). Never rejects. While Loki is
   * down it sends one probe and resolves with the rest held.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#destination.forceFlush(options);
  }

  /** Flushes within `timeoutMillis` (5000 by default), drops what is left in memory, and frees everything. Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#destination.shutdown(options);
  }

  /**
   * Makes what was exported durable without anything asynchronous on this thread: on disk, or by letting a worker send it,
   * for `deadlineMillis` at most. From a page it sends as much as can outlive it. Never throws.
   */
  flushSync(deadlineMillis: number): void {
    this.#destination.flushSync(deadlineMillis);
  }

  /**
   * Sends to another Loki from now on, also what is held; `undefined` disables.
   * @throws TypeError or RangeError where it is no http or https address.
   */
  setUrl(url: string | undefined): void {
    this.#destination.setUrl(pushUrl('url', url));
  }

  /** The account of every record exported, and of requests. */
  stats(): DestinationStats {
    return this.#destination.stats();
  }
}
