import { drawReaches, randomDigits, randomDigitsFrom } from './random-draw.ts';
import { isRandomness, parseThreshold, reaches, type Threshold } from './threshold.ts';

/** What is known of a record that a decision depends on. */
export interface SamplingEvidence {
  /** Its trace id; anything but 32 digits that are not all zero counts as none. */
  readonly traceId: unknown;
  /** The threshold that a sampler before has written, if any. */
  readonly threshold: unknown;
  /** The randomness that a sampler before has written, if any. It stands before the trace id. */
  readonly randomness: unknown;
}

/** What a kept record carries from now on. */
export interface Kept {
  readonly threshold: Threshold;
  /** Randomness that was drawn for it; undefined where it had some. */
  readonly randomness: string | undefined;
}

const TRACE_ID_LENGTH = 32;
const INVALID_TRACE_ID = '0'.repeat(TRACE_ID_LENGTH);

/**
 * Decides about one record: undefined drops it. A threshold that the record has is only ever raised.
 *
 * @param random draws a number from 0 to 1, without 1, for a record that has no randomness
 */
export function decide(target: Threshold, evidence: SamplingEvidence, random: () => number): Kept | undefined {
  const { traceId, randomness } = evidence;
  const prior = evidence.threshold === undefined ? undefined : parseThreshold(evidence.threshold);
  const threshold = prior !== undefined && prior.digits > target.digits ? prior : target;
  if (randomness !== undefined && isRandomness(randomness)) return keptIf(reaches(randomness, threshold), threshold);
  if (isTraceId(traceId)) return keptIf(reaches(traceId, threshold), threshold);
  const drawn = random();
  if (prior === undefined) return keptIf(drawReaches(drawn, threshold), threshold, drawn);
  const digits = randomDigitsFrom(prior, drawn);
  return reaches(digits, threshold) ? { threshold, randomness: digits } : undefined;
}

function keptIf(isKept: boolean, threshold: Threshold, drawn?: number): Kept | undefined {
  if (!isKept) return undefined;
  return { threshold, randomness: drawn === undefined ? undefined : randomDigits(drawn) };
}

function isTraceId(value: unknown): value is string {
  return typeof value === 'string' && value.length === TRACE_ID_LENGTH && value !== INVALID_TRACE_ID;
}
