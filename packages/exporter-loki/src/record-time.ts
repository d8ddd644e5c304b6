import { MAX_AGE_MILLIS, MAX_AHEAD_MILLIS } from './loki-limits.ts';

/**
 * A moment: whole milliseconds since the epoch, and nanoseconds within that millisecond. Nanoseconds since the epoch do
 * not fit into one number.
 */
export interface Moment {
  readonly millis: number;
  readonly nanos: number;
}

/** When a record happened, as far as Loki takes it. */
export interface RecordTime {
  readonly moment: Moment;
  /** When it was observed, where that is said and is not what `moment` is already. */
  readonly observed: Moment | undefined;
  /** What was said instead of `moment`, where that is in the future. */
  readonly original: Moment | undefined;
  /** Loki would refuse it for its age. */
  readonly isExpired: boolean;
}

export const NANOS_PER_MILLI = 1_000_000;
const NANOS_PER_SECOND = 1_000_000_000;
/** Loki reads nanoseconds into 64 bits with a sign. */
const MAX_SECONDS = 9_223_372_035;

/** The moment of an OTel `HrTime`; undefined where it is none, or the zero that OTel uses for "not set". */
export function momentOf(hrTime: unknown): Moment | undefined {
  if (!Array.isArray(hrTime)) return undefined;
  const [seconds, nanos] = hrTime as unknown[];
  if (!isCount(seconds, MAX_SECONDS) || !isCount(nanos, NANOS_PER_SECOND) || seconds + nanos === 0) return undefined;
  const millis = Math.floor(nanos / NANOS_PER_MILLI);
  return { millis: seconds * 1000 + millis, nanos: nanos - millis * NANOS_PER_MILLI };
}

/** Nanoseconds since the epoch, in digits. */
export function momentText({ millis, nanos }: Moment): string {
  return `${millis}${nanosText(nanos)}`;
}

/** The last six digits of nanoseconds since the epoch. */
export function nanosText(nanos: number): string {
  return String(nanos + NANOS_PER_MILLI).slice(1);
}

/** The time, else when it was observed, else now; never ahead of what Loki takes. */
export function recordTime(hrTime: unknown, hrTimeObserved: unknown, nowMillis: number): RecordTime {
  const now: Moment = { millis: Math.max(0, Math.floor(nowMillis)), nanos: 0 };
  const time = momentOf(hrTime);
  const observed = momentOf(hrTimeObserved);
  const said = time ?? observed ?? now;
  const isAhead = said.millis > now.millis + MAX_AHEAD_MILLIS;
  return {
    moment: isAhead ? now : said,
    observed: time === undefined ? undefined : observed,
    original: isAhead ? said : undefined,
    isExpired: said.millis < now.millis - MAX_AGE_MILLIS,
  };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}
