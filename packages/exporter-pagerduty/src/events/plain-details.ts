import { boundedValue } from './bounded-value.ts';
import type { EventDetails } from './event-details.ts';
import { MAX_BODY_BYTES } from './event-limits.ts';
import { SizeBudget } from './size-budget.ts';

/** More than an event takes, so that what a redaction hook has made is cut fairly, and not so much that it takes long. */
const MAX_DETAILS_BYTES = 4 * MAX_BODY_BYTES;

/** A copy of details that is safe to keep and to encode; undefined where they are no object. Never throws. */
export function plainDetails(details: unknown): EventDetails | undefined {
  const plain = boundedValue(details, new SizeBudget(MAX_BODY_BYTES, MAX_DETAILS_BYTES));
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? (plain as EventDetails) : undefined;
}
