import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeTimestamp, type TimestampInput } from '@spillway/delivery';

const NOW = 1_795_219_200_123_456_789n;

/** Nanoseconds of any time from 1973 to 5138, where each unit can be told by its size. */
const nanos = fc.bigInt({ min: 100_000_000_000_000_000n, max: 99_999_999_999n * 1_000_000_000n });

describe('the unit of a number is told by its size', () => {
  test.each<[string, TimestampInput, bigint]>([
    ['seconds', 1_795_219_200, 1_795_219_200_000_000_000n],
    ['seconds with a fraction', 1_795_219_200.5, 1_795_219_200_500_000_000n],
    ['milliseconds', 1_795_219_200_123, 1_795_219_200_123_000_000n],
    ['milliseconds with a fraction', 1_795_219_200_123.25, 1_795_219_200_123_250_000n],
    ['microseconds', 1_795_219_200_123_456, 1_795_219_200_123_456_000n],
    ['nanoseconds', NOW, NOW],
    ['nanoseconds as text', '1795219200123456789', NOW],
    ['seconds as text', ' 1795219200 ', 1_795_219_200_000_000_000n],
    ['seconds with nanoseconds as text', '1795219200.123456789', NOW],
    ['seconds with more digits than there are', '1795219200.1234567891', NOW],
    ['an OTel time', [1_795_219_200, 123_456_789], NOW],
    ['an OTel time near the epoch', [1, 2], 1_000_000_002n],
    ['a Date', new Date(1_795_219_200_123), 1_795_219_200_123_000_000n],
    ['a Date near the epoch', new Date(5), 5_000_000n],
    ['ISO 8601', '2026-11-21T00:00:00.123Z', 1_795_219_200_123_000_000n],
    ['ISO 8601 with an offset', '2026-11-21T01:00:00+01:00', 1_795_219_200_000_000_000n],
    ['a date alone, in UTC', '2026-11-21', 1_795_219_200_000_000_000n],
    ['zero', 0, 0n],
    ['the last second', 99_999_999_999, 99_999_999_999_000_000_000n],
    ['the first millisecond', 100_000_000_000, 100_000_000_000_000_000n],
  ])('%s', (_name, input, expected) => {
    expect(normalizeTimestamp(input, 'ns')).toBe(expected);
  });
});

test('what is no time gives undefined', () => {
  const none: unknown[] = [
    Number.NaN,
    Infinity,
    -1,
    -1n,
    '',
    'yesterday',
    '-5',
    'request 5',
    '1e3',
    '0x10',
    '1795219200.',
    '123456789012345678901',
    '2026-13-45',
    new Date(Number.NaN),
    new Date(-1),
    [],
    [1],
    [Number.NaN, 0],
    [1.5, 0],
    [-1, 0],
    ['1', '2'],
    null,
    undefined,
    true,
    {},
  ];
  for (const value of none) {
    for (const unit of ['ns', 'ms', 's'] as const) {
      expect(normalizeTimestamp(value as TimestampInput, unit as 'ns')).toBeUndefined();
    }
  }
});

test('nothing is lost to the nanosecond, from a bigint, from text and from an OTel time', () => {
  fc.assert(
    fc.property(nanos, (value) => {
      const [seconds, rest] = [value / 1_000_000_000n, value % 1_000_000_000n];
      expect(normalizeTimestamp(value, 'ns')).toBe(value);
      expect(normalizeTimestamp(String(value), 'ns')).toBe(value);
      expect(normalizeTimestamp([Number(seconds), Number(rest)], 'ns')).toBe(value);
      expect(normalizeTimestamp(`${seconds}.${String(rest).padStart(9, '0')}`, 'ns')).toBe(value);
    }),
  );
});

test('the same moment gives the same result in whatever unit it is given', () => {
  const millis = fc.integer({ min: 100_000_000_000, max: 8_640_000_000_000 });
  fc.assert(
    fc.property(millis, (value) => {
      const expected = BigInt(value) * 1_000_000n;
      const given: TimestampInput[] = [value, value * 1000, expected, new Date(value), new Date(value).toISOString()];
      for (const input of given) expect(normalizeTimestamp(input, 'ns')).toBe(expected);
      expect(normalizeTimestamp(value, 'ms')).toBe(value);
      expect(normalizeTimestamp(value, 's')).toBeCloseTo(value / 1000, 6);
    }),
  );
});

test('whatever the number, the result is undefined or a time that does not overflow', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.bigInt(), fc.string(), fc.date({ noInvalidDate: false })), (value) => {
      const inNanos = normalizeTimestamp(value, 'ns');
      const inMillis = normalizeTimestamp(value, 'ms');
      expect(inMillis === undefined).toBe(inNanos === undefined);
      expect(inNanos ?? 0n).toBeGreaterThanOrEqual(0n);
      expect(inMillis ?? 0).not.toBeNaN();
    }),
  );
});

test('milliseconds and seconds keep their fraction', () => {
  expect(normalizeTimestamp(NOW, 'ms')).toBe(Number('1795219200123.456789'));
  expect(normalizeTimestamp(NOW, 's')).toBe(Number('1795219200.123456789'));
});
