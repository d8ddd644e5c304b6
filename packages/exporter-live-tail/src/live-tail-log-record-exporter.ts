import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import {
  answerExport,
  callSafely,
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  flushBeforeExit,
  Ledger,
  type LedgerSnapshot,
  readTimeoutMillis,
  RecordEvaluation,
  type ResultCallback,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
} from '@spillway/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { type ClientsStats, TailClients } from './clients/tail-clients.ts';
import { ExportPacing } from './export-pacing.ts';
import type { LiveTailLogRecordExporterOptions } from './live-tail-exporter-options.ts';
import { observeLiveTail } from './live-tail-metrics.ts';
import { RecordEncoder } from './records/encode-record.ts';
import { RecentRecords } from './records/recent-records.ts';
import { type ResolvedLiveTailOptions, resolveLiveTailOptions } from './resolve-live-tail-options.ts';
import { SERVER_TIMEOUTS, TailServer } from './server/tail-server.ts';
import { TailRoutes } from './server/tail-routes.ts';
import { tailAddress } from './server/tail-address.ts';

const NAMESPACE = '@spillway/exporter-live-tail';
/** Connections besides those of clients: pages that load, health checks, and who is told to come back. */
const SPARE_CONNECTIONS = 32;

/** The account of every record exported, and that of clients. */
export interface LiveTailExporterStats extends LedgerSnapshot {
  readonly clients: ClientsStats;
}

/**
 * Shows records as they come, to whoever watches: by server-sent events, by WebSocket, and in a page of its own.
 *
 * - Order: that of `export`. Each record has an offset, without holes.
 * - Guarantee: a record has passed when it was encoded and handed to the buffers of those who watch. A client that does not
 *   keep up misses records and is told how many, exactly where they are missing; it costs the others nothing.
 * - Concurrency: `export` may be called at any time. Its answer comes when those who keep up have room for more, within a second,
 *   so that under a processor that waits for answers they get every record of a burst.
 * - Memory: bounded by `recent`, and by `clientBuffer` for each client.
 * - `shutdown` waits, within its deadline, until those who keep up have everything, says goodbye and closes all connections.
 * - At the end of a script the last records still leave. Neither the server nor its clients keep a process running.
 */
export class LiveTailLogRecordExporter implements LogRecordExporter {
  /** Answers a request of `node:http`, and of frameworks on it, below `path`. Can be passed as a function. Never throws. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /**
   * Answers an `upgrade` event of a `node:http` server. Answers false where the path is not below `path`, and has not touched
   * the socket then. Can be passed as a function. Never throws.
   */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly #options: ResolvedLiveTailOptions;
  readonly #ledger: Ledger = new Ledger();
  readonly #diag: ThrottledDiag = new ThrottledDiag({ namespace: NAMESPACE });
  readonly #evaluation: RecordEvaluation;
  readonly #recent: RecentRecords;
  readonly #clients: TailClients;
  readonly #pacing: ExportPacing;
  readonly #server: TailServer | undefined;
  readonly #address: Promise<string>;
  readonly #stopExitFlush: () => void;
  #url: string | undefined;
  #shutdown: Promise<void> | undefined;

  /**
   * Starts the server, unless `listen` is false. That it cannot listen is told by {@link listening} and the diagnostics.
   * @throws TypeError or RangeError naming the option that is wrong; a token is never part of the message.
   */
  constructor(options: LiveTailLogRecordExporterOptions = {}) {
    const resolved = resolveLiveTailOptions(options);
    const diag = this.#diag;
    this.#options = resolved;
    this.#recent = new RecentRecords(resolved.recent);
    this.#clients = new TailClients(resolved.clients, this.#recent, diag);
    this.#pacing = new ExportPacing(this.#clients);
    this.#evaluation = this.#makeEvaluation(options.onDrop);
    observeLiveTail(options.selfObsMeterProvider, this.#ledger, this.#clients, diag);
    const isClosed = (): boolean => this.#shutdown !== undefined;
    const routes = new TailRoutes({ ...resolved, clients: this.#clients, isClosed, diag });
    this.handler = (request, response): void => routes.handle(request, response);
    this.handleUpgrade = (request, socket, head): boolean => routes.handleUpgrade(request, socket, head);
    const maxConnections = resolved.clients.maxClients + SPARE_CONNECTIONS;
    const { listen } = resolved;
    this.#server = listen && new TailServer(listen, { ...SERVER_TIMEOUTS, maxConnections }, routes, diag);
    this.#address = this.#findAddress(options.onListening);
    const ledger = this.#ledger;
    this.#stopExitFlush = flushBeforeExit({
      get entered() {
        return ledger.passed;
      },
      forceFlush: (budget) => this.forceFlush(budget),
    });
  }

  /** The address for people, with the token; undefined until the server listens, and where there is none. */
  get url(): string | undefined {
    return this.#url;
  }

  /** The same, once the server listens. Rejects where it cannot, and where there is none. */
  listening(): Promise<string> {
    return this.#address;
  }

  /** Hands records to whoever watches and answers SUCCESS; FAILED after shutdown, when nothing is taken. Never throws. */
  export(records: ReadableLogRecord[], resultCallback: ResultCallback): void {
    const { next: first, totalBytes: bytesBefore } = this.#recent;
    this.#evaluation.export(records, (result) => {
      const size = { count: this.#recent.next - first, bytes: this.#recent.totalBytes - bytesBefore };
      if (size.count === 0) resultCallback(result);
      else this.#pacing.hold(size, () => answerExport(resultCallback, this.#diag));
    });
  }

  /**
   * Resolves when those who keep up have what was exported, within `timeoutMillis` (30000 by default). Nobody waits for a client
   * that has not read for a second. Never rejects.
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#clients.deliver(new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS)));
  }

  /** Flushes, takes leave of all clients and closes the server, within `timeoutMillis` (5000 by default). Never rejects. */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#shutdown ??= this.#end(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  /** What became of every record exported, and how clients are doing. */
  stats(): LiveTailExporterStats {
    return { ...this.#ledger.snapshot(), clients: this.#clients.stats() };
  }

  #makeEvaluation(onDrop: LiveTailLogRecordExporterOptions['onDrop']): RecordEvaluation {
    const encoder = new RecordEncoder(this.#options.maxRecordBytes);
    return new RecordEvaluation({
      evaluate: (record, nowMillis) => {
        try {
          this.#clients.offer(this.#recent.add(encoder.encode(record, nowMillis)));
          return undefined;
        } catch (error) {
          this.#diag.error('record', 'A record could not be read', error);
          return 'invalid';
        }
      },
      now: Date.now,
      ledger: this.#ledger,
      diag: this.#diag,
      onDrop,
    });
  }

  #findAddress(onListening: LiveTailLogRecordExporterOptions['onListening']): Promise<string> {
    const { page, token } = this.#options;
    const address = this.#server?.listening() ?? Promise.reject(new Error('The exporter has no server of its own.'));
    const url = address.then((found) => tailAddress(found, page.basePath, token));
    const tell = (found: string): void => {
      this.#url = found;
      callSafely(
        () => onListening?.(found),
        (error) => this.#diag.error('onListening', 'The callback onListening threw', error),
      );
    };
    // Whoever does not ask gets a failure from the diagnostics only.
    url.then(tell, () => {});
    return url;
  }

  async #end(deadline: Deadline): Promise<void> {
    this.#stopExitFlush();
    this.#evaluation.end();
    this.#pacing.release();
    await this.#clients.deliver(deadline);
    await this.#clients.close(deadline);
    await this.#server?.close(deadline.remainingMillis);
  }
}
