import type { HrTime } from '@opentelemetry/api';

/** A time in milliseconds since the epoch, which may have a fraction, as log records have it: seconds and nanoseconds. */
export function toHrTime(epochMillis: number): HrTime {
  const seconds = Math.floor(epochMillis / 1000);
  return [seconds, Math.round((epochMillis - seconds * 1000) * 1e6)];
}
