import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { StreamClock } from '../src/stream-clock.ts';

const START = 1_795_224_243_000;

function timeOf(text: string): bigint {
  return BigInt(/^\["(\d+)","$/.exec(text)?.[1] ?? '');
}

describe('StreamClock', () => {
  it('gives no time twice, never an earlier one than asked for, and keeps the order within a millisecond', () => {
    const moment = fc.record({
      millis: fc.integer({ min: 0, max: 40 }),
      nanos: fc.constantFrom(0, 1, 2, 500, 999_998, 999_999),
    });
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 300 }), (moments) => {
        const clock = new StreamClock();
        const seen = new Set<bigint>();
        const lastOfMillis = new Map<bigint, bigint>();
        for (const { millis, nanos } of moments) {
          const asked = BigInt(START + millis) * 1_000_000n + BigInt(nanos);
          const given = timeOf(clock.next(START + millis, nanos));
          expect(seen.has(given)).toBe(false);
          expect(given >= asked).toBe(true);
          expect(given > (lastOfMillis.get(given / 1_000_000n) ?? 0n)).toBe(true);
          seen.add(given);
          lastOfMillis.set(given / 1_000_000n, given);
        }
      }),
    );
  });

  it('keeps a time that is free, however late it comes', () => {
    const clock = new StreamClock();
    clock.next(START + 100, 0);
    expect(timeOf(clock.next(START, 7))).toBe(BigInt(START) * 1_000_000n + 7n);
    expect(timeOf(clock.next(START + 100, 0))).toBe(BigInt(START + 100) * 1_000_000n + 1n);
  });

  it('goes on in the next millisecond when a million records share one', () => {
    const clock = new StreamClock();
    for (let count = 0; count < 1_000_000; count += 1) clock.next(START, 0);
    expect(timeOf(clock.next(START, 0))).toBe(BigInt(START + 1) * 1_000_000n);
    expect(timeOf(clock.next(START + 1, 0))).toBe(BigInt(START + 1) * 1_000_000n + 1n);
  });

  it('remembers the last 256 milliseconds, also those that were used out of order', () => {
    const clock = new StreamClock();
    clock.next(START + 1000, 0);
    for (let millis = 0; millis < 255; millis += 1) clock.next(START + millis, 0);
    expect(timeOf(clock.next(START + 1000, 0)) % 1_000_000n).toBe(1n);
  });
});
