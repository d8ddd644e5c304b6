import type { DropReason, LedgerSnapshot } from '@spillway/core';
import type { HybridStats } from '@spillway/processors';

/** Where all records of a run are at one moment. */
export interface Account {
  /** What the application has emitted, by its own count. */
  readonly emitted: number;
  /** In the processor. */
  readonly queued: Queued;
  /** Held by the exporter: encoded, in its outbox or on its way. */
  readonly held: number;
  /** Acknowledged by Loki. */
  readonly delivered: number;
  /** Given up, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly droppedTotal: number;
}

/** Where the records are that the processor holds: found there, not taken from its ledger, so that the two check each other. */
export interface Queued {
  readonly immediate: number;
  readonly batch: number;
  /** Handed to the exporter, which has not taken them yet, or has refused and is offered them again. */
  readonly leaving: number;
}

/** Puts the ledgers of a pipeline together. All of them must be read in one go, without an `await` between. */
export function openAccount(emitted: number, processor: HybridStats, exporter: LedgerSnapshot): Account {
  const dropped = { ...processor.dropped };
  for (const [reason, count] of Object.entries(exporter.dropped) as [DropReason, number][]) {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {
    emitted,
    queued: {
      immediate: processor.immediateQueueSize,
      batch: processor.queueSize - processor.immediateQueueSize,
      leaving: processor.inFlight + processor.waitingForRetry,
    },
    held: exporter.held,
    delivered: exporter.passed,
    dropped,
    droppedTotal: processor.droppedTotal + exporter.droppedTotal,
  };
}

export function queuedTotal({ immediate, batch, leaving }: Queued): number {
  return immediate + batch + leaving;
}

/** Records that are nowhere (positive), or in two places at once (negative). */
export function unaccounted({ emitted, queued, held, delivered, droppedTotal }: Account): number {
  return emitted - queuedTotal(queued) - held - delivered - droppedTotal;
}
