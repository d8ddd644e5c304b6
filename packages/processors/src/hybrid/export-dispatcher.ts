import type { DropReason } from '@spillway/core';

import type { Batch } from './batch.ts';
import type { ExportOutcome } from './export-call.ts';
import { isFinalFailure } from './export-failure.ts';
import { ExportsInFlight } from './exports-in-flight.ts';
import type { ResolvedHybridOptions } from './hybrid-options.ts';
import { LaneQueues } from './lane-queues.ts';
import type { QueuedLogRecord } from './queued-log-record.ts';
import { ResourceGate } from './resource-gate.ts';
import { RetryList } from './retry-list.ts';
import { RetryPause } from './retry-pause.ts';
import { chooseSend, type SendChoice } from './send-choice.ts';
import { severeFirst } from './severe-first.ts';
import { TurnSchedule } from './turn-schedule.ts';

type Records = readonly QueuedLogRecord[];

/** What becomes of records. None of these may throw. */
export interface DispatcherEvents {
  /** Records are handed to an exporter for the first time. */
  onFirstExport(count: number): void;
  /** An exporter is called, for the first time or again. */
  onExport(): void;
  /** An exporter took responsibility. */
  onPassed(records: Records): void;
  /** Records are given up that no exporter has seen. */
  onUnsent(reason: DropReason, records: Records): void;
  /** Records are given up that an exporter has seen. */
  onFailed(reason: DropReason, records: Records, error?: Error): void;
}

/**
 * Moves records from the lanes to the exporters.
 *
 * All exports begin in *turns*, each of which calls exporters for as many batches as there are slots, without a pause
 * between them, so that an exporter can make one request of them. A turn of the batch lane is a macrotask of its own:
 * the code that logs does not pay for it, and an event loop that is flooded still gets to its other work between turns.
 * A turn of the immediate lane is a microtask, as soon as the code that logs pauses, and a macrotask for what comes after.
 */
export class ExportDispatcher {
  readonly #options: ResolvedHybridOptions;
  readonly #events: DispatcherEvents;
  readonly #lanes: LaneQueues;
  readonly #inFlight: ExportsInFlight;
  readonly #retries = new RetryList();
  readonly #pause = new RetryPause(() => this.#runTurn());
  readonly #resources: ResourceGate;
  readonly #schedule: TurnSchedule;
  /** A batch ends at this many bytes, so that what is in flight weighs no more than what may wait. */
  readonly #enoughBytes: number;

  #order = 0;
  /** So many records at the head of the batch lane leave at the next chance, even if they fill no batch. */
  #due = 0;
  #evicted: QueuedLogRecord[] = [];
  #isInTurn = false;
  /** There is a full batch, but nothing can be sent before something else happens. */
  #isBlocked = false;

  constructor(options: ResolvedHybridOptions, events: DispatcherEvents) {
    this.#options = options;
    this.#events = events;
    const { maxQueueSize: maxSize, maxQueueBytes: maxBytes, maxExportBatchSize: batchSize } = options;
    const { overflow, exportTimeoutMillis } = options;
    // Told of after the queue has done its work: callbacks of the application may emit, flush or read `stats()`.
    const onEvict = (record: QueuedLogRecord): void => void this.#evicted.push(record);
    this.#lanes = new LaneQueues({ maxSize, maxBytes, overflow, batchSize, onEvict });
    this.#inFlight = new ExportsInFlight(exportTimeoutMillis, (batch, outcome) => this.#onOutcome(batch, outcome));
    this.#resources = new ResourceGate(exportTimeoutMillis, () => this.#runTurn());
    this.#schedule = new TurnSchedule(options.scheduledDelayMillis, {
      onPause: () => this.#runTurn('immediate'),
      onTurn: () => this.#runTurn(),
      onDelayPassed: () => {
        this.#due = this.#lanes.batchSize;
        this.#runTurn();
      },
    });
    this.#enoughBytes = maxBytes / options.maxConcurrentExports;
  }

  get lanes(): Pick<LaneQueues, 'size' | 'bytes' | 'immediateSize' | 'pressure'> {
    return this.#lanes;
  }

  /** Records in exports that have no answer yet. */
  get inFlight(): number {
    return this.#inFlight.recordCount;
  }

  /** Records of batches that failed and will be tried again. */
  get waitingForRetry(): number {
    return this.#retries.recordCount;
  }

  /** Takes a record in. Every call of `logger.emit()` comes through here. */
  accept(record: QueuedLogRecord): void {
    this.#lanes.push(record);
    if (this.#evicted.length > 0) this.#reportEvicted();
    if (record.isImmediate) this.#schedule.atOnce();
    else if (this.#lanes.batchSize < this.#options.maxExportBatchSize) this.#schedule.later();
    else if (!this.#isBlocked) this.#schedule.soon();
  }

  /** Sends what waits at the next chance, whatever delays and pauses are running. */
  hurry(): void {
    this.#due = this.#lanes.batchSize;
    this.#pause.end();
    this.#runTurn();
  }

  /**
   * Hands everything that waits to the exporters now, in whatever number of exports, until the time is over. What is severe
   * goes by itself.
   */
  handOver(isTimeOver: () => boolean): void {
    for (let count = this.#retries.size; count > 0 && !isTimeOver(); count -= 1) {
      this.#export(this.#retries.shift(), true);
    }
    for (const lane of ['immediate', 'batch'] as const) {
      while (!isTimeOver()) {
        const batch = this.#takeBatch(lane, () => true);
        if (batch === undefined) break;
        for (const part of severeFirst(batch)) this.#export(part);
      }
    }
  }

  /** Gives up everything that is held and stops all timers. */
  close(): void {
    this.#schedule.close();
    this.#pause.end();
    this.#resources.close();
    const batches = this.#inFlight.abandon();
    for (let batch = this.#retries.shift(); batch !== undefined; batch = this.#retries.shift()) batches.push(batch);
    const seen = batches.flatMap(({ records }) => records);
    if (seen.length > 0) this.#events.onFailed('shutdown', seen);
    const unsent = [true, false].flatMap((isImmediate) =>
      this.#lanes.take(isImmediate, Infinity, Infinity, () => true),
    );
    if (unsent.length > 0) this.#events.onUnsent('shutdown', unsent);
  }

  #runTurn(only?: 'immediate'): void {
    // An exporter that flushes us while it exports would otherwise start a turn within the turn.
    if (this.#isInTurn) return;
    this.#isInTurn = true;
    for (let exports = 0; exports < this.#options.maxConcurrentExports; exports += 1) {
      const choice = this.#choose();
      if (choice === undefined || (only !== undefined && choice !== only)) break;
      this.#export(choice === 'retry' ? this.#retries.shift() : this.#takeReadyBatch(choice));
    }
    this.#isInTurn = false;
    this.#planTurn();
  }

  /** Sees to it that there is another turn where one is needed. */
  #planTurn(): void {
    if (this.#isInTurn) return;
    const { batchSize } = this.#lanes;
    if (this.#choose() !== undefined) this.#schedule.soon();
    else if (batchSize > 0 && this.#due === 0) this.#schedule.later();
    this.#isBlocked = !this.#schedule.isSoon && batchSize >= this.#options.maxExportBatchSize;
  }

  #choose(): SendChoice {
    const { maxConcurrentExports, maxExportBatchSize } = this.#options;
    const { batchSize } = this.#lanes;
    return chooseSend({
      maxConcurrentExports,
      immediateInFlight: this.#inFlight.immediateCount,
      batchInFlight: this.#inFlight.batchCount,
      hasImmediate: this.#isHeadReady('immediate'),
      waitingRetries: this.#retries.size,
      waitingFallbacks: this.#retries.fallbackCount,
      isBackingOff: this.#pause.isRunning,
      hasDueBatch: (this.#due > 0 || batchSize >= maxExportBatchSize) && this.#isHeadReady('batch'),
    });
  }

  #isHeadReady(lane: Batch['lane']): boolean {
    const head = this.#lanes.peek(lane === 'immediate');
    return head !== undefined && this.#resources.isReady(head.resource);
  }

  #takeReadyBatch(lane: Batch['lane']): Batch | undefined {
    return this.#takeBatch(lane, (record) => this.#resources.isReady(record.resource));
  }

  #takeBatch(lane: Batch['lane'], accepts: (record: QueuedLogRecord) => boolean): Batch | undefined {
    const { maxExportBatchSize } = this.#options;
    const records = this.#lanes.take(lane === 'immediate', maxExportBatchSize, this.#enoughBytes, accepts);
    if (records.length === 0) return undefined;
    if (lane === 'batch') {
      this.#due = Math.min(Math.max(0, this.#due - records.length), this.#lanes.batchSize);
      // What stays came last, so its delay begins anew.
      this.#schedule.endDelay();
    }
    this.#order += 1;
    return { records, lane, order: this.#order, isFallback: false, attempts: 0 };
  }

  /** @param isEarly whether its pause is not over: that uses up none of its attempts, as pages are hidden often */
  #export(batch: Batch | undefined, isEarly = false): void {
    if (batch === undefined) return;
    if (isEarly) batch.attempts = Math.max(0, batch.attempts - 1);
    else if (batch.attempts === 0 && !batch.isFallback) this.#events.onFirstExport(batch.records.length);
    this.#events.onExport();
    const { immediateExporter, exporter } = this.#options;
    this.#inFlight.start(batch, batch.lane === 'immediate' ? immediateExporter : exporter);
  }

  #onOutcome(batch: Batch, outcome: ExportOutcome): void {
    if (outcome.kind === 'passed') this.#events.onPassed(batch.records);
    // An export cannot be aborted: it may still succeed, and another one could store its records twice.
    else if (outcome.kind === 'expired') this.#events.onFailed('expired', batch.records);
    else if (batch.lane === 'immediate') this.#fallBack(batch, outcome.error);
    else this.#retryOrDrop(batch, outcome.error);
    this.#planTurn();
  }

  #fallBack(batch: Batch, error: Error | undefined): void {
    const { exporter, immediateExporter } = this.#options;
    batch.lane = 'batch';
    batch.isFallback = true;
    batch.attempts = 0;
    this.#retries.add(batch);
    if (exporter === immediateExporter && !isFinalFailure(error)) this.#pause.begin(1);
  }

  #retryOrDrop(batch: Batch, error: Error | undefined): void {
    if (isFinalFailure(error)) this.#events.onFailed('rejected', batch.records, error);
    else if (batch.attempts >= this.#options.maxAttempts) {
      this.#events.onFailed('retry_exhausted', batch.records, error);
    } else {
      this.#retries.add(batch);
      this.#pause.begin(batch.attempts);
    }
  }

  #reportEvicted(): void {
    const evicted = this.#evicted;
    this.#evicted = [];
    this.#events.onUnsent('queue_full', evicted);
  }
}
