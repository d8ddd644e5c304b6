/** Units a timestamp can be asked for in. */
export type TimestampUnit = 'ns' | 'ms' | 's';

/** `[seconds, nanoseconds]`, as OTel keeps time. */
type HrTime = readonly [number, number];

/** What a timestamp can be given as; the unit of a plain number is detected from its size. */
export type TimestampInput = number | bigint | string | Date | HrTime;

const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_MICRO = 1_000n;

/**
 * Sizes that tell the units apart: the same moment differs by a factor of 1,000 from unit to unit.
 * They keep every time from 1970-01-12 (ms, us, ns) and up to the year 5138 (s) in its own unit.
 */
const FIRST_MILLIS = 100_000_000_000;
const FIRST_MICROS = 100_000_000_000_000;
const FIRST_NANOS = 100_000_000_000_000_000;

const DECIMAL = /^(?<whole>\d{1,20})(?:\.(?<fraction>\d+))?$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[Tt ]|$)/;

/**
 * Converts a time since the epoch to one unit, detecting the unit it is given in (s, ms, us or ns, by size; an
 * `HrTime` and a `Date` say theirs). `ns` gives a `bigint`, because a number cannot hold today's nanoseconds exactly.
 * What has no meaning as a time (NaN, infinite, not a number, negative) gives `undefined`.
 *
 * @example normalizeTimestamp(1_700_000_000, 'ms') // 1700000000000
 */
export function normalizeTimestamp(value: TimestampInput, unit: 'ns'): bigint | undefined;
export function normalizeTimestamp(value: TimestampInput, unit: 'ms' | 's'): number | undefined;
export function normalizeTimestamp(value: TimestampInput, unit: TimestampUnit): bigint | number | undefined {
  const nanos = toNanos(value);
  if (nanos === undefined) return undefined;
  if (unit === 'ns') return nanos;
  return unit === 'ms' ? divide(nanos, NANOS_PER_MILLI) : divide(nanos, NANOS_PER_SECOND);
}

function toNanos(value: TimestampInput): bigint | undefined {
  if (typeof value === 'number') return numberToNanos(value);
  if (typeof value === 'bigint') return value < 0n ? undefined : value * nanosPerUnit(Number(value));
  if (typeof value === 'string') return textToNanos(value);
  if (value instanceof Date) return partsToNanos(value.getTime(), 0, NANOS_PER_MILLI);
  if (Array.isArray(value)) return partsToNanos(value[0], value[1], NANOS_PER_SECOND);
  return undefined;
}

function numberToNanos(value: number): bigint | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  const whole = Math.trunc(value);
  const nanos = nanosPerUnit(whole);
  return BigInt(whole) * nanos + BigInt(Math.round((value - whole) * Number(nanos)));
}

/** Digits keep their precision; other text is read as a date of ISO 8601, to the millisecond. */
function textToNanos(value: string): bigint | undefined {
  const text = value.trim();
  const { whole, fraction = '' } = DECIMAL.exec(text)?.groups ?? {};
  if (whole !== undefined) {
    const nanos = nanosPerUnit(Number(whole));
    const billionths = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
    return BigInt(whole) * nanos + (billionths * nanos) / NANOS_PER_SECOND;
  }
  // `Date.parse` finds a date in nearly any text: "-5" is in May 2001.
  return ISO_DATE.test(text) ? partsToNanos(Date.parse(text), 0, NANOS_PER_MILLI) : undefined;
}

function partsToNanos(whole: unknown, nanos: unknown, nanosPerWhole: bigint): bigint | undefined {
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(nanos)) return undefined;
  const total = BigInt(whole as number) * nanosPerWhole + BigInt(nanos as number);
  return total < 0n ? undefined : total;
}

function nanosPerUnit(value: number): bigint {
  if (value < FIRST_MILLIS) return NANOS_PER_SECOND;
  if (value < FIRST_MICROS) return NANOS_PER_MILLI;
  return value < FIRST_NANOS ? NANOS_PER_MICRO : 1n;
}

/** Exact in the whole part; the rest is a fraction. */
function divide(nanos: bigint, nanosPerResult: bigint): number {
  return Number(nanos / nanosPerResult) + Number(nanos % nanosPerResult) / Number(nanosPerResult);
}
