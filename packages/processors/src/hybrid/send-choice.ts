/** What decides about the next export. Batches that failed and wait for another try count as waiting, not as in flight. */
export interface SendSituation {
  /** Exports allowed at once. */
  readonly maxConcurrentExports: number;
  /** Exports of the immediate lane that have no answer yet. */
  readonly immediateInFlight: number;
  /** Exports of the batch lane that have no answer yet. */
  readonly batchInFlight: number;
  /** Whether a record of the immediate lane can go. */
  readonly hasImmediate: boolean;
  /** Batches that failed and will be tried again. */
  readonly waitingRetries: number;
  /** How many of them come from the immediate lane. */
  readonly waitingFallbacks: number;
  /** Whether their backoff has not passed. */
  readonly isBackingOff: boolean;
  /** Whether records of the batch lane can go: enough for a batch, or old enough. */
  readonly hasDueBatch: boolean;
}

/** What to export next; undefined for nothing now. */
export type SendChoice = 'immediate' | 'retry' | 'batch' | undefined;

/**
 * Immediate first, then what failed before, then new batches.
 *
 * One slot is kept for each lane, so that neither can shut the other out; with one slot in all nothing is kept. While a
 * batch waits for another try nothing newer of its lane is sent, which keeps the lane in order. Immediate batches that
 * failed wait there too, no more of them than there are slots, which bounds what an outage can pile up beside the queue.
 */
export function chooseSend(situation: SendSituation): SendChoice {
  const { maxConcurrentExports, immediateInFlight, batchInFlight } = situation;
  if (immediateInFlight + batchInFlight >= maxConcurrentExports) return undefined;
  const slotsPerLane = Math.max(1, maxConcurrentExports - 1);
  const mayFallBack = situation.waitingFallbacks < maxConcurrentExports;
  if (situation.hasImmediate && mayFallBack && immediateInFlight < slotsPerLane) return 'immediate';
  if (batchInFlight >= slotsPerLane) return undefined;
  if (situation.waitingRetries > 0) return situation.isBackingOff ? undefined : 'retry';
  return situation.hasDueBatch ? 'batch' : undefined;
}
