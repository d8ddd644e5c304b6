import type { DropReason, LedgerSnapshot } from '@spillway/core';
import type { FanOutStats, HybridStats, RingBufferStats } from '@spillway/processors';

/** What one stage of the pipeline did with its records. */
export interface Stage {
  readonly name: string;
  readonly ledger: LedgerSnapshot;
  /** What else it did, in a few words. */
  readonly remark?: string;
}

/** Where all records of a run are at one moment. */
export interface Account {
  /** What the application has emitted, by its own count. */
  readonly emitted: number;
  /** Records that the pipeline made itself: each stands for suppressed ones. */
  readonly created: number;
  /** In the flight recorder, waiting for an error of their request. */
  readonly recorded: number;
  /** In the processor that queues. */
  readonly queued: Queued;
  /** Held by the exporter: encoded, in its outbox or on its way. */
  readonly held: number;
  /** Acknowledged by Loki. */
  readonly delivered: number;
  /** Given up, by all stages. */
  readonly dropped: number;
  /** All stages, in the order of a record's path. */
  readonly stages: readonly Stage[];
}

/** Where the records are that the processor holds: found there, not taken from its ledger, so that the two check each other. */
export interface Queued {
  readonly immediate: number;
  readonly batch: number;
  /** Handed to the exporter, which has not taken them yet, or has refused and is offered them again. */
  readonly leaving: number;
}

/** The account of each stage on the way to Loki, all of them read in one go, without an `await` between. */
export interface PipelineStats {
  readonly fanOut: FanOutStats;
  readonly recorder: RingBufferStats;
  readonly burstDrop: LedgerSnapshot;
  readonly sampling: LedgerSnapshot;
  readonly hybrid: HybridStats;
  readonly exporter: LedgerSnapshot;
}

/** Puts the ledgers of a pipeline together. */
export function openAccount(emitted: number, stats: PipelineStats): Account {
  const { recorder, hybrid, exporter } = stats;
  const stages: Stage[] = [
    { name: 'fan-out', ledger: stats.fanOut },
    { name: 'flight recorder', ledger: recorder, remark: `released ${recorder.released} for an error` },
    { name: 'burst drop', ledger: stats.burstDrop },
    { name: 'sampling', ledger: stats.sampling },
    { name: 'hybrid queue', ledger: hybrid },
    { name: 'Loki exporter', ledger: exporter },
  ];
  return {
    emitted,
    created: sum(stages, ({ created }) => created),
    recorded: recorder.bufferedRecords,
    queued: {
      immediate: hybrid.immediateQueueSize,
      batch: hybrid.queueSize - hybrid.immediateQueueSize,
      leaving: hybrid.inFlight + hybrid.waitingForRetry,
    },
    held: exporter.held,
    delivered: exporter.passed,
    dropped: sum(stages, ({ droppedTotal }) => droppedTotal),
    stages,
  };
}

export function queuedTotal({ immediate, batch, leaving }: Queued): number {
  return immediate + batch + leaving;
}

/** Records that are nowhere (positive), or in two places at once (negative). */
export function unaccounted({ emitted, created, recorded, queued, held, delivered, dropped }: Account): number {
  return emitted + created - recorded - queuedTotal(queued) - held - delivered - dropped;
}

/** Records that the last stage has dropped for a reason. */
export function exporterDrops({ stages }: Account, reason: DropReason): number {
  return stages.at(-1)?.ledger.dropped[reason] ?? 0;
}

function sum(stages: readonly Stage[], valueOf: (ledger: LedgerSnapshot) => number): number {
  return stages.reduce((total, { ledger }) => total + valueOf(ledger), 0);
}
