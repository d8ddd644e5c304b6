import type { Check } from './field-checks.ts';

/** ISO 8601 with date, time and offset, which PagerDuty's examples write without a colon and RFC 3339 with one. */
const TIMESTAMP =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<time>\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-](?<offset>\d\d:?\d\d))$/;

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):?[0-5]\d(?::[0-5]\d)?$/;

/** A moment that the calendar has. */
export const timestamp: Check = (value, name) =>
  typeof value === 'string' && isTimestamp(value) ? [] : [`'${name}' is invalid (must be an ISO 8601 timestamp)`];

function isTimestamp(text: string): boolean {
  const { year, month, day, time = '', offset = '0000' } = TIMESTAMP.exec(text)?.groups ?? {};
  if (!TIME_OF_DAY.test(time) || !TIME_OF_DAY.test(offset)) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // A day that the month does not have becomes one of the next.
  return date.getUTCDate() === Number(day);
}
