import { type Context, context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  componentAttributes,
  Deadline,
  type DeadlineOptions,
  type DropReason,
  FLUSH_TIMEOUT_MILLIS,
  flushBeforeExit,
  Ledger,
  type LedgerSnapshot,
  onPageHidden,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
  untilDeadline,
  workUntilDeadline,
} from '@spillway/core';

import { toError } from '../decorator/described-error.ts';
import { observeLedger } from '../ledger-metrics.ts';
import { isOwnSending } from '../own-sending.ts';
import { DropReporter } from './drop-reporter.ts';
import { ExportDispatcher } from './export-dispatcher.ts';
import { ExporterGroup } from './exporter-group.ts';
import { FlushGenerations, type Generation } from './flush-generations.ts';
import { HybridMetrics } from './hybrid-metrics.ts';
import {
  type HybridLogRecordProcessorOptions,
  resolveHybridOptions,
  type ResolvedHybridOptions,
} from './hybrid-options.ts';
import { LANE_ATTRIBUTE, LaneChoice, withoutLaneAttribute } from './lane-choice.ts';
import { QueuedLogRecord } from './queued-log-record.ts';

/** As long as a page may be held up when it is left, at most; encoding 65,536 records takes half of it on a slow phone. */
const PAGE_FLUSH_MILLIS = 1000;

/** Account and state of a processor at one moment: `held = queueSize + inFlight + waitingForRetry`. */
export interface HybridStats extends LedgerSnapshot {
  /** Records that wait in both lanes. */
  readonly queueSize: number;
  /** Their estimated memory, in bytes. */
  readonly queueBytes: number;
  /** Those of them that wait in the immediate lane. */
  readonly immediateQueueSize: number;
  /** Records that an exporter has not answered for. */
  readonly inFlight: number;
  /** Records that an exporter refused and that will be offered again. */
  readonly waitingForRetry: number;
}

/**
 * Queues log records and exports them in two lanes: severe ones at once, the others in batches.
 *
 * - Order: batches are handed to the exporter in the order their records were emitted, lane by lane; a failed batch is
 *   offered again before newer ones.
 * - Concurrency: up to `maxConcurrentExports` exports at once, one of them kept for each lane.
 * - Guarantee: every record is handed on or counted in `stats().dropped` under a reason. A failed batch is offered up
 *   to `maxAttempts` times; exporters that store what they take (those of this project) answer SUCCESS at once.
 * - Shutdown waits for a running flush, flushes, and shuts the exporters down once their last export has been answered,
 *   all within one budget; what is left is dropped as `shutdown`.
 */
export class HybridLogRecordProcessor implements LogRecordProcessor {
  readonly #options: ResolvedHybridOptions;
  readonly #copiesBody: boolean;
  readonly #ledger = new Ledger();
  readonly #generations = new FlushGenerations();
  readonly #diag = new ThrottledDiag({ namespace: '@spillway/processors' });
  readonly #laneChoice: LaneChoice;
  readonly #dispatcher: ExportDispatcher;
  readonly #exporters: ExporterGroup;
  readonly #drops: DropReporter;
  readonly #metrics: HybridMetrics | undefined;
  readonly #stopListening: (() => void)[] = [];
  #isShutDown = false;
  #shutdown: Promise<void> | undefined;

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: HybridLogRecordProcessorOptions) {
    const resolved = resolveHybridOptions(options);
    this.#options = resolved;
    this.#laneChoice = new LaneChoice(resolved, this.#diag);
    this.#copiesBody = resolved.snapshot === 'body';
    this.#exporters = new ExporterGroup([resolved.exporter, resolved.immediateExporter], this.#diag);
    this.#dispatcher = new ExportDispatcher(resolved, {
      onFirstExport: (count) => this.#metrics?.processed(count),
      onExport: () => this.#exporters.noteExport(),
      onPassed: (records) => {
        this.#ledger.pass(records.length);
        this.#leave(records);
      },
      onUnsent: (reason, records) => {
        this.#metrics?.processed(records.length, reason);
        this.#drop(reason, records);
      },
      onFailed: (reason, records, error) => this.#drop(reason, records, error),
    });
    const { selfObsMeterProvider: meterProvider, maxQueueSize, onDrop } = resolved;
    if (meterProvider !== undefined) {
      const component = componentAttributes('HybridLogRecordProcessor');
      observeLedger({ meterProvider, diag: this.#diag, component, ledger: this.#ledger });
      this.#metrics = new HybridMetrics(meterProvider, this.#diag, component, maxQueueSize, () => this.queueSize);
    }
    this.#drops = new DropReporter(this.#ledger, this.#diag, onDrop);
    this.#listenForTheEnd(resolved);
  }

  /** Takes a record in. Never throws, blocks or waits. */
  onEmit(record: ReadWriteLogRecord, emitContext?: Context): void {
    const queued = this.#admit(record, emitContext);
    if (queued === undefined) return;
    this.#ledger.receive();
    queued.generation = this.#generations.enter();
    this.#dispatcher.accept(queued);
  }

  /** Whether records are taken in at all: until shutdown. */
  enabled(_options?: unknown): boolean {
    return !this.#isShutDown;
  }

  /**
   * Resolves when every record emitted before is handed on or dropped and the exporters have flushed, or when the time
   * is over. Never rejects. Delays and backoff waits are skipped.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  async forceFlush(options?: DeadlineOptions): Promise<void> {
    const deadline = new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS));
    await (this.#shutdown === undefined ? this.#flush(deadline) : workUntilDeadline(deadline, this.#shutdown));
  }

  /**
   * Flushes, shuts the exporters down and lets go of everything. Never rejects; a second call gets the same promise.
   *
   * @param options `timeoutMillis`: budget of all that together, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    this.#isShutDown = true;
    this.#shutdown ??= this.#flushAndClose(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  /**
   * Hands everything that waits to the exporters without any asynchronous work and lets them keep it: for a process that
   * is about to crash, or a page that is about to be left. Never throws.
   *
   * @param deadlineMillis how long it may take, in milliseconds; an exporter that blocks is not interrupted
   */
  flushSync(deadlineMillis: number): void {
    const deadline = new Deadline(readTimeoutMillis({ timeoutMillis: deadlineMillis }, 0));
    this.#dispatcher.handOver(() => deadline.remainingMillis === 0);
    this.#exporters.flushSync(deadline);
  }

  /** Records that wait in both lanes. */
  get queueSize(): number {
    return this.#dispatcher.lanes.size;
  }

  /** How full the queue is, 0 to 1: by count or by bytes, whichever is more. It may be handed around by itself. */
  readonly pressure = (): number => this.#dispatcher.lanes.pressure;

  /** Account and state, for health checks and tests. */
  stats(): HybridStats {
    const { lanes, inFlight, waitingForRetry } = this.#dispatcher;
    return {
      ...this.#ledger.snapshot(),
      queueSize: lanes.size,
      queueBytes: lanes.bytes,
      immediateQueueSize: lanes.immediateSize,
      inFlight,
      waitingForRetry,
    };
  }

  /** Our own copy of a record that is to be queued; what is not to be is dropped here. */
  #admit(record: ReadWriteLogRecord, emitContext: Context | undefined): QueuedLogRecord | undefined {
    try {
      if (this.#isShutDown) return this.#refuse('shutdown', record, 'already_shutdown');
      if (isOwnSending(emitContext ?? context.active())) return this.#refuse('suppressed', record);
      const { attributes } = record;
      const lane = attributes[LANE_ATTRIBUTE];
      const isImmediate = this.#laneChoice.isImmediate(record, lane);
      const ownAttributes = lane === undefined ? undefined : withoutLaneAttribute(attributes);
      const queued = new QueuedLogRecord(record, isImmediate, this.#copiesBody, ownAttributes);
      return queued.bytes <= this.#options.maxQueueBytes ? queued : this.#refuse('too_large', queued);
    } catch (error) {
      return this.#refuse('invalid', record, 'invalid', toError(error));
    }
  }

  /** Drops a record that never enters the queue. */
  #refuse(reason: DropReason, record: ReadWriteLogRecord, errorType: string = reason, error?: Error): undefined {
    this.#ledger.receive();
    this.#metrics?.processed(1, errorType);
    this.#drops.drop(reason, [record], error);
    return undefined;
  }

  #drop(reason: DropReason, records: readonly QueuedLogRecord[], error?: Error): void {
    this.#drops.drop(reason, records, error);
    this.#leave(records);
  }

  #leave(records: readonly QueuedLogRecord[]): void {
    for (const { generation } of records) this.#generations.leave(generation as Generation);
  }

  async #flush(deadline: Deadline): Promise<void> {
    this.#dispatcher.hurry();
    await untilDeadline(deadline, (onSettled) => this.#generations.whenSettled(onSettled));
    await this.#exporters.forceFlush(deadline);
  }

  async #flushAndClose(deadline: Deadline): Promise<void> {
    // An exporter that shuts us down while it exports must find the promise of this call.
    await Promise.resolve();
    await this.#flush(deadline);
    this.#dispatcher.close();
    await this.#exporters.shutdown(deadline);
    for (const stop of this.#stopListening) stop();
    this.#drops.flush();
    this.#metrics?.close();
  }

  #listenForTheEnd({ disableFlushOnBeforeExit, disableAutoFlushOnDocumentHide }: ResolvedHybridOptions): void {
    if (!disableFlushOnBeforeExit) {
      const generations = this.#generations;
      this.#stopListening.push(
        flushBeforeExit({
          get entered() {
            return generations.entered;
          },
          forceFlush: (options) => this.forceFlush(options),
        }),
      );
    }
    if (disableAutoFlushOnDocumentHide) return;
    this.#stopListening.push(
      onPageHidden(() => {
        // Only what is stored or sent before this returns is safe: the page may be gone then.
        this.flushSync(PAGE_FLUSH_MILLIS);
        // If it is not, the rest goes on its way as well.
        void this.forceFlush();
      }),
    );
  }
}
