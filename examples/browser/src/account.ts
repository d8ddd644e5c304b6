import type { DropReason, LedgerSnapshot } from '@spillway/core';

/** What has become of the records of this page. `emitted + takenOver = queued + inOutbox + delivered + dropped`. */
export interface Account {
  readonly emitted: number;
  /** Records that earlier pages have left behind, and this one sends. */
  readonly takenOver: number;
  readonly queued: number;
  readonly inOutbox: number;
  readonly delivered: number;
  readonly dropped: readonly (readonly [reason: DropReason, count: number])[];
  /** 0, or something has vanished. */
  readonly unaccounted: number;
}

/** Adds up the ledger of the queue and that of what sends. */
export function accountOf(queue: LedgerSnapshot, sending: LedgerSnapshot): Account {
  const dropped = [...droppedIn(queue), ...droppedIn(sending)];
  const gone = queue.held + sending.held + sending.passed + queue.droppedTotal + sending.droppedTotal;
  return {
    emitted: queue.received,
    takenOver: sending.recovered,
    queued: queue.held,
    inOutbox: sending.held,
    delivered: sending.passed,
    dropped,
    unaccounted: queue.received + sending.recovered - gone,
  };
}

function droppedIn({ dropped }: LedgerSnapshot): readonly (readonly [DropReason, number])[] {
  return Object.entries(dropped) as [DropReason, number][];
}
