import type { HeldPayload } from './held-payload.ts';
import { isOrdered, isSuspect } from './ordered-sending.ts';

/** After this many failures while the backend took others, a payload may be the cause: its halves are sent. */
const LONELY_FAILURES_BEFORE_CUT = 5;
/**
 * After this many a single record is taken for the cause. Many, because nothing is lost by trying again: a backend that
 * fails four of five requests fails a given one 50 times in a row once in 70,000. By default they take some 12 minutes.
 */
const LONELY_FAILURES_BEFORE_DROP = 50;
/** Of an ordered backend, where it was suspect before: what came later has taken its place already. */
const LONELY_FAILURES_BEFORE_ORDERED_DROP = 1;
/** After this many 429 in a row, a payload may be larger than the backend will ever allow at once. */
const THROTTLES_BEFORE_CUT = 3;
const SMALLEST_CUT_BYTES = 64 * 1024;
/**
 * After this many refusals of single records, what an ordered backend refuses of the same payload is not cut any further:
 * it may want none of them, and would be asked about each.
 */
const MAX_REFUSED_ALONE = 16;

/** Whether something in a payload, or its size, may be why it does not get through, so that its halves say more. */
export function mayBeCause(held: HeldPayload): boolean {
  return held.lonelyFailures >= LONELY_FAILURES_BEFORE_CUT || isSuspect(held) || mayBeTooLarge(held);
}

/** Whether a single record has failed so often, while others got through, that it must be the reason. */
export function isPoison(held: HeldPayload): boolean {
  const most = isSuspect(held) ? LONELY_FAILURES_BEFORE_ORDERED_DROP : LONELY_FAILURES_BEFORE_DROP;
  return held.lonelyFailures >= most;
}

/** Whether so many records of a payload were refused one by one that the rest of it is not worth it. */
export function isRefusedThroughout(held: HeldPayload): boolean {
  return isOrdered(held) && held.kinship.refusedAlone >= MAX_REFUSED_ALONE;
}

function mayBeTooLarge({ uncompressedBytes, throttles }: HeldPayload): boolean {
  return uncompressedBytes > SMALLEST_CUT_BYTES && throttles > 0 && throttles % THROTTLES_BEFORE_CUT === 0;
}
