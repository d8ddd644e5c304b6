import type { HeldPayload, PayloadOwner } from './held-payload.ts';

/** After so many errors as an answer, a payload of an ordered backend may itself be the reason. */
const FAILURES_BEFORE_SUSPICION = 3;

/** Whether payloads must arrive in the order of encoding. */
export function isOrdered({ owner }: Pick<HeldPayload, 'owner'>): boolean {
  return owner.backend.isOrdered === true;
}

/** Whether a payload of an ordered backend, which others wait for, may be the reason why it does not get through. */
export function isSuspect(held: HeldPayload): boolean {
  return isOrdered(held) && held.answeredFailures >= FAILURES_BEFORE_SUSPICION;
}

/**
 * Answered failures that a part of a suspect payload starts with: the search for the reason goes on at its first one. A
 * single record is the last suspect, and has to fail by itself.
 */
export function inheritedFailures(whole: HeldPayload, recordCount: number): number {
  return isSuspect(whole) && recordCount > 1 ? FAILURES_BEFORE_SUSPICION - 1 : 0;
}

/**
 * Says of payloads, asked about from the oldest on, whose turn it is: of an ordered backend the oldest of each owner. A
 * single record that is suspect lets others pass. One of several records never does: it is cut in two, at its place.
 */
export function turnTaker(): (held: HeldPayload) => boolean {
  let heldUp: Set<PayloadOwner> | undefined;
  return (held) => {
    if (!isOrdered(held)) return true;
    if (heldUp?.has(held.owner) === true) return false;
    if (held.recordCount > 1 || !isSuspect(held)) heldUp = (heldUp ?? new Set()).add(held.owner);
    return true;
  };
}
