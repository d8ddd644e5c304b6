import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '@spillway/retry';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('seconds', () => {
  test('any whole number of seconds above 0 is that many milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.constantFrom('', ' ', '\t '), (seconds, space) => {
        expect(parseRetryAfter(`${space}${seconds}${space}`, now)).toBe(seconds * 1000);
      }),
    );
  });

  test('leading zeros are allowed, as the grammar allows them', () => {
    expect(parseRetryAfter('007', now)).toBe(7000);
  });

  test('a number of any length stays a finite number', () => {
    expect(parseRetryAfter('99999999999', now)).toBe(99_999_999_999_000);
    expect(parseRetryAfter('9'.repeat(1000), now)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('HTTP dates', () => {
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const forms = {
    'IMF-fixdate': (date: Date) => date.toUTCString(),
    'RFC 850': (date: Date) => {
      const [, day, month, year = '', time] = date.toUTCString().split(' ');
      return `${days[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
    },
    asctime: (date: Date) => {
      const [name = '', day = '', month, year, time] = date.toUTCString().split(' ');
      return `${name.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
    },
  };

  test.each(Object.entries(forms))('%s: a date ahead is the time until then', (_name, format) => {
    const aheadSeconds = fc.integer({ min: 1, max: 49 * 365 * 86_400 });
    const start = fc.date({ min: new Date('1990-01-01'), max: new Date('2120-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(start, aheadSeconds, (from, seconds) => {
        const whole = Math.floor(from.getTime() / 1000) * 1000;
        expect(parseRetryAfter(format(new Date(whole + seconds * 1000)), whole)).toBe(seconds * 1000);
        expect(parseRetryAfter(format(new Date(whole - seconds * 1000)), whole)).toBeUndefined();
      }),
    );
  });

  test('the three examples of RFC 9110 name the same moment', () => {
    const before = Date.UTC(1994, 10, 6, 8, 49, 36);
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', before)).toBe(1000);
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', before)).toBe(1000);
    expect(parseRetryAfter('Sun Nov  6 08:49:37 1994', before)).toBe(1000);
  });

  test('a leap second and the 29th of February of a leap year exist', () => {
    expect(parseRetryAfter('Sat, 21 Nov 2026 12:00:60 GMT', now)).toBe(60_000);
    expect(parseRetryAfter('Tue, 29 Feb 2028 00:00:00 GMT', Date.UTC(2028, 1, 28, 23, 59, 59))).toBe(1000);
  });

  test.each([
    'Sun, 31 Feb 2027 00:00:00 GMT',
    'Mon, 29 Feb 2027 00:00:00 GMT',
    'Sat, 00 Nov 2026 12:00:00 GMT',
    'Sun, 22 Nov 2026 24:00:00 GMT',
    'Sun, 22 Nov 2026 12:60:00 GMT',
    'Sun, 22 Nov 2026 12:00:61 GMT',
  ])('"%s" does not exist', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});

describe('no hint', () => {
  test.each([
    '',
    ' ',
    '0',
    '000',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '١',
    '2, 3',
    '2,2',
    '2 3',
    '2s',
    'garbage',
    'Infinity',
    'NaN',
    '2026-11-21T12:00:03Z',
    '2026-11-21 12:00:03',
    '1795262403 GMT',
    'Nov 22 2026',
    '22 Nov 2026 12:00:00 GMT',
    'Sun, 22 Nov 2026 12:00:00',
    'Sun, 22 Nov 2026 12:00:00 UTC',
    'Sun, 22 Nov 2026 12:00:00 +0000',
    'sun, 22 nov 2026 12:00:00 gmt',
    'Sun, 22 Nov 26 12:00:00 GMT',
    'Sun, 22 Nov 2026 12:00 GMT',
    'Sun Nov 22 12:00:00 26',
    'Xyz, 22 Nov 2026 12:00:00 GMT',
    'Sun, 22 Nov 2026 12:00:00 GMT, Sun, 22 Nov 2026 12:00:00 GMT',
    '\u00a02',
    'Sat, 21 Nov 2026 12:00:00 GMT',
    'Fri, 20 Nov 2026 12:00:00 GMT',
    'Thu, 01 Jan 0050 00:00:00 GMT',
  ])('"%s"', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  test.each([null, undefined, 5 as never, Symbol('x') as never])('%s', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  test('whatever the header is, the answer is undefined or a number above 0', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -1e12, max: 1e14 }), (value, at) => {
        const millis = parseRetryAfter(value, at);
        expect(millis === undefined || (millis > 0 && Number.isSafeInteger(millis))).toBe(true);
      }),
    );
  });
});
