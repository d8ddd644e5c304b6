const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const FULL_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})';

/**
 * The forms a recipient must accept; they are case-sensitive and always in UTC.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 (read 2026-11-21)
 */
const FORMS: readonly RegExp[] = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${DAY}, (?<day>[0-9]{2}) ${MONTH} (?<year>[0-9]{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${FULL_DAY}, (?<day>[0-9]{2})-${MONTH}-(?<year>[0-9]{2}) ${TIME} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^${DAY} ${MONTH} (?<day>[0-9]{2}| [0-9]) ${TIME} (?<year>[0-9]{4})$`),
];

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
  const { year: yearText = '', month: monthText = '' } = groups;
  const year = yearText.length === 2 ? expandYear(Number(yearText), nowMillis) : Number(yearText);
  const month = MONTHS.indexOf(monthText);
  const [day, hour, minute, second] = [groups['day'], groups['hour'], groups['minute'], groups['second']].map(
    Number,
  ) as [number, number, number, number];
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  // `Date.UTC` turns 31 February into 3 March, and years below 100 into 19xx.
  const date = new Date(Date.UTC(year, month, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month && date.getUTCDate() === day;
  return exists ? date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 : undefined;
}

/** The year within 50 years of now that ends in the two digits; 50 years ahead still counts as the future. */
function expandYear(twoDigits: number, nowMillis: number): number {
  const thisYear = new Date(nowMillis).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  if (year > thisYear + 50) return year - 100;
  return year < thisYear - 49 ? year + 100 : year;
}
