/** The last millisecond that ISO 8601 writes with a year of four digits. */
const MAX_MILLIS = 253_402_300_799_999;

/** ISO 8601; undefined where it is no time since the epoch. */
export function isoTime(millis: number): string | undefined {
  return millis > 0 && millis <= MAX_MILLIS ? new Date(millis).toISOString() : undefined;
}
