/**
 * Consistent probability sampling: a record is kept iff its randomness R, 56 bits, is at least the threshold T. The same
 * R against a higher T keeps a subset, whoever decides.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/ (read 2026-11-21)
 */

/** Hexadecimal digits of 56 bits. */
const DIGITS = 14;
const BITS_PER_DIGIT = 4;
const RANGE = 2 ** 56;
const MIN_RATIO = 1 / RANGE;
/** Significant digits of a threshold, as the specification recommends and the OpenTelemetry Collector has by default. */
const PRECISION = 4;

const THRESHOLD = /^[0-9a-f]{1,14}$/i;
const RANDOMNESS = /^[0-9a-f]{14}$/i;
/** Turns an upper-case letter into a lower-case one and leaves digits alone. */
const LOWER_CASE_BIT = 0x20;

/** What a record's randomness must reach: written as an attribute it tells how many records a kept one stands for. */
export class Threshold {
  /** All 14 digits, in lower case. */
  readonly digits: string;
  /** As it is written on a record: without trailing zeros, `0` where everything is kept. */
  readonly text: string;
  /** Its upper 28 bits. */
  readonly high: number;
  /** Its lower 28 bits. */
  readonly low: number;

  /** @param text 1 to 14 hexadecimal digits, the first ones of the threshold */
  constructor(text: string) {
    this.digits = text.toLowerCase().padEnd(DIGITS, '0');
    this.text = this.digits.replace(/0+$/, '') || '0';
    this.high = Number.parseInt(this.digits.slice(0, DIGITS / 2), 16);
    this.low = Number.parseInt(this.digits.slice(DIGITS / 2), 16);
  }
}

/**
 * The threshold that keeps this ratio of all records, 2^-56 to 1, to four significant digits; smaller ratios count as
 * 2^-56. It is rounded exactly as the Collector's `probabilistic_sampler` does it, since a record between two roundings
 * would be kept by one and dropped by the other.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/pkg/sampling/probability.go (read 2026-11-21)
 */
export function thresholdOfRatio(ratio: number): Threshold {
  if (ratio >= 1) return new Threshold('0');
  const part = Math.max(MIN_RATIO, ratio);
  const extraDigits = Math.max(leadingDigits(part), leadingDigits(1 - part));
  const droppedBits = BigInt(BITS_PER_DIGIT * (DIGITS - Math.min(DIGITS, PRECISION + extraDigits)));
  const exact = BigInt(RANGE) - BigInt(Math.round(part * RANGE));
  const half = droppedBits === 0n ? 0n : 1n << (droppedBits - 1n);
  const rounded = ((exact + half) >> droppedBits) << droppedBits;
  return new Threshold(rounded.toString(16).padStart(DIGITS, '0'));
}

/** How many digits `0` a fraction has before its first significant one; of its complement these are `f`. */
function leadingDigits(fraction: number): number {
  let zeroBits = 0;
  for (let rest = fraction; rest < 0.5; rest *= 2) zeroBits += 1;
  return Math.floor(zeroBits / BITS_PER_DIGIT);
}

/** Reads the attribute that another sampler wrote; undefined where it is not a threshold. */
export function parseThreshold(value: unknown): Threshold | undefined {
  return typeof value === 'string' && THRESHOLD.test(value) ? new Threshold(value) : undefined;
}

/** Whether an attribute value is explicit randomness: 14 hexadecimal digits. */
export function isRandomness(value: unknown): value is string {
  return typeof value === 'string' && RANDOMNESS.test(value);
}

/**
 * Whether the last 14 digits of `text`, a trace id or explicit randomness, reach the threshold. Digit by digit: nearly
 * always the first one decides, and nothing is allocated.
 */
export function reaches(text: string, { digits }: Threshold): boolean {
  const offset = text.length - DIGITS;
  for (let index = 0; index < DIGITS; index += 1) {
    const difference = (text.charCodeAt(offset + index) | LOWER_CASE_BIT) - digits.charCodeAt(index);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
