import type { DropReason, LedgerSnapshot } from '@spillway/core';

/** Where all records of a run are at one moment. */
export interface Account {
  /** What the application has emitted, by its own count. */
  readonly emitted: number;
  /** Held by the processor: in a lane, or handed to the exporter and not yet taken. */
  readonly queued: number;
  /** Held by the exporter: encoded, in its outbox or on its way. */
  readonly held: number;
  /** Acknowledged by Loki. */
  readonly delivered: number;
  /** Given up, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly droppedTotal: number;
}

/** Puts the ledgers of a pipeline together. All of them must be read in one go, without an `await` between. */
export function openAccount(emitted: number, processor: LedgerSnapshot, exporter: LedgerSnapshot): Account {
  const dropped = { ...processor.dropped };
  for (const [reason, count] of Object.entries(exporter.dropped) as [DropReason, number][]) {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {
    emitted,
    queued: processor.held,
    held: exporter.held,
    delivered: exporter.passed,
    dropped,
    droppedTotal: processor.droppedTotal + exporter.droppedTotal,
  };
}

/** Records that are nowhere (positive), or in two places at once (negative). */
export function unaccounted({ emitted, queued, held, delivered, droppedTotal }: Account): number {
  return emitted - queued - held - delivered - droppedTotal;
}
