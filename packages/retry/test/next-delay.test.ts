import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentialBackoff, nextDelayMillis } from '@spillway/retry';

const fixed = (millis: number) => ({ delayMillis: () => millis });

test('the wait is the backoff or the capped hint, whichever is longer', () => {
  const millis = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(millis, fc.option(millis, { nil: undefined }), millis, (step, hintMillis, maxHintMillis) => {
      const delay = nextDelayMillis({ attempt: 1, backoff: fixed(step), random: 0, hintMillis, maxHintMillis });
      expect(delay).toBe(Math.min(Math.max(step, Math.min(hintMillis ?? 0, maxHintMillis)), 2 ** 31 - 1));
    }),
  );
});

test('the backoff gets the attempt and the random number', () => {
  expect(nextDelayMillis({ attempt: 3, backoff: exponentialBackoff(), random: 0.25 })).toBe(1000);
});

test('a hint is honoured for 5 minutes by default', () => {
  expect(nextDelayMillis({ attempt: 1, backoff: fixed(10), random: 0, hintMillis: 1e15 })).toBe(300_000);
});

test.each([Number.NaN, -1, 0, undefined])('a hint of %s changes nothing', (hintMillis) => {
  expect(nextDelayMillis({ attempt: 1, backoff: fixed(10), random: 0, hintMillis })).toBe(10);
});

test.each([Number.NaN, -1])('a schedule that answers %s does not cause calls without a pause', (step) => {
  expect(nextDelayMillis({ attempt: 1, backoff: fixed(step), random: 0 })).toBe(1000);
});
