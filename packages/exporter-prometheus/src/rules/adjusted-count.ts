import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Hexadecimal digits of a threshold, 56 bits. */
const THRESHOLD_DIGITS = 14;
const RANGE = 2 ** 56;
/** Turns an upper-case letter into a lower-case one and leaves digits alone. */
const LOWER_CASE_BIT = 0x20;

/**
 * How many records one stands for: the adjusted count of its `sampling.threshold`, as consistent sampling writes it, times
 * its `log_count`, as deduplication does. What is absent or not valid counts 1. Never throws.
 */
export function recordWeight(record: ReadableLogRecord): number {
  try {
    const { attributes } = record;
    return adjustedCount(attributes['sampling.threshold']) * duplicates(attributes['log_count']);
  } catch {
    return 1;
  }
}

/**
 * 2^56 / (2^56 - T), T being given by its first digits. The divisor is summed from its own digits, because T itself
 * does not fit into a double: for the highest thresholds it would come out as 2^56.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/ (read 2026-11-21)
 */
function adjustedCount(threshold: unknown): number {
  if (typeof threshold !== 'string' || threshold === '' || threshold.length > THRESHOLD_DIGITS) return 1;
  let kept = 0;
  for (let index = 0; index < THRESHOLD_DIGITS; index += 1) {
    const digit = index < threshold.length ? hexDigit(threshold.charCodeAt(index)) : 0;
    if (digit === undefined) return 1;
    kept = kept * 16 + (15 - digit);
  }
  return RANGE / (kept + 1);
}

function hexDigit(unit: number): number | undefined {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = (unit | LOWER_CASE_BIT) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : undefined;
}

function duplicates(count: unknown): number {
  return typeof count === 'number' && count > 0 && Number.isSafeInteger(count) ? count : 1;
}
