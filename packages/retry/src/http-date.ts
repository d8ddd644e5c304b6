const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const FULL_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = '(?<month>[A-Z][a-z]{2})';
const TIME = String.raw`(?<time>\d{2}:\d{2}):(?<second>\d{2})`;

/**
 * The forms a recipient must accept; they are case-sensitive and always in UTC.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 (read 2026-11-21)
 */
const FORMS: readonly RegExp[] = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  String.raw`${DAY}, (?<day>\d{2}) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  String.raw`${FULL_DAY}, (?<day>\d{2})-${MONTH}-(?<year>\d{2}) ${TIME} GMT`,
  // asctime: Sun Nov  6 08:49:37 1994
  String.raw`${DAY} ${MONTH} (?<day>\d{2}| \d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * Milliseconds since the epoch of an HTTP date, or `undefined` if it is none. `nowMillis` decides the century of a
 * year of two digits. The name of the day must be one, but need not be the right one: the date says which day it is.
 */
export function parseHttpDate(text: string, nowMillis: number): number | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return toEpochMillis(groups, nowMillis);
  }
  return undefined;
}

function toEpochMillis(groups: Record<string, string>, nowMillis: number): number | undefined {
  const { day = '', month, year = '', time, second } = groups;
  const fullYear = year.length === 2 ? expandYear(Number(year), nowMillis) : year;
  const minute = `${day.replace(' ', '0')} ${month} ${fullYear} ${time}`;
  const date = new Date(`${minute}:00 GMT`);
  // 31 February would be 3 March, and 24:00 the next day: what does not come out as it went in is no date. 60 is a leap second.
  const exists = date.toUTCString().includes(`, ${minute}:`) && Number(second) <= 60;
  return exists ? date.getTime() + Number(second) * 1000 : undefined;
}

/** The year within 50 years of now that ends in the two digits; 50 years ahead still counts as the future. */
function expandYear(twoDigits: number, nowMillis: number): number {
  const earliest = new Date(nowMillis).getUTCFullYear() - 49;
  return earliest + ((((twoDigits - earliest) % 100) + 100) % 100);
}
