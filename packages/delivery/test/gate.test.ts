import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Admission, Gate } from '../src/gate.ts';
import { testGate } from './test-payload.ts';

const ERROR = { throttled: false, hintMillis: undefined };
const THROTTLED = { throttled: true, hintMillis: undefined };

function fail(gate: Gate, now: number, how: Parameters<Gate['onFailed']>[3] = ERROR, random = 0): void {
  gate.onFailed(now, random, gate.admit(now), how);
}

function answer(gate: Gate, now: number): void {
  gate.admit(now);
  gate.onAnswered(now);
}

function openGate(now = 0): Gate {
  const gate = testGate();
  for (let i = 0; i < 5; i += 1) fail(gate, now);
  return gate;
}

/** How many attempts would be admitted at once. */
function width(gate: Gate, now: number): number {
  const admissions: Admission[] = [];
  while (gate.mayAdmit(now)) admissions.push(gate.admit(now));
  for (const admission of admissions) gate.onAborted(admission);
  return admissions.length;
}

describe('the breaker', () => {
  test('shuts the gate after five failures in a row, then admits one probe per period', () => {
    const gate = openGate();
    expect(gate.isProbing).toBe(true);
    expect(gate.wakeAt(0)).toBe(1000);
    for (const [at, period] of [
      [1000, 2000],
      [3000, 4000],
      [7000, 8000],
    ] as const) {
      expect(gate.mayAdmit(at - 1)).toBe(false);
      expect(gate.mayAdmit(at)).toBe(true);
      const probe = gate.admit(at);
      expect(gate.mayAdmit(at + 100_000)).toBe(false);
      gate.onFailed(at, 0, probe, ERROR);
      expect(gate.wakeAt(at)).toBe(at + period);
    }
  });

  test('after it was open, the load comes back one more with each success', () => {
    const gate = openGate();
    expect(width(testGate(), 0)).toBe(5);
    const widths = Array.from({ length: 6 }, () => {
      answer(gate, 1000);
      return width(gate, 1000);
    });
    expect(widths).toEqual([1, 2, 3, 4, 5, 5]);
  });

  test('an attempt that was given up says nothing, and its probe is due again', () => {
    const gate = openGate();
    gate.onAborted(gate.admit(1000));
    expect([gate.isProbing, gate.mayAdmit(1000), gate.active]).toEqual([true, true, 0]);
  });
});

describe('a pause that the backend asks for', () => {
  test('holds everybody until it is over, then lets one through', () => {
    const gate = testGate();
    const early = [gate.admit(0), gate.admit(0)];
    fail(gate, 0, { throttled: true, hintMillis: 3000 });
    for (const admission of early) gate.onAborted(admission);
    expect([gate.mayAdmit(2999), gate.wakeAt(0)]).toEqual([false, 3000]);
    expect(width(gate, 3000)).toBe(1);
  });

  test('also counts with another error, and is never shortened by a later one', () => {
    const gate = testGate();
    const later = gate.admit(0);
    fail(gate, 0, { throttled: false, hintMillis: 5000 });
    gate.onFailed(0, 0, later, { throttled: true, hintMillis: 1000 });
    expect(gate.wakeAt(0)).toBe(5000);
  });

  test('without a hint it is the backoff, which grows with each time in a row', () => {
    const gate = testGate();
    for (const [at, until] of [
      [0, 500],
      [500, 1500],
      [1500, 3500],
    ] as const) {
      expect(gate.mayAdmit(at)).toBe(true);
      fail(gate, at, THROTTLED, 0.5);
      expect(gate.wakeAt(at)).toBe(until);
    }
  });

  test('is at least the backoff and at most five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (hint, random) => {
        const gate = testGate();
        fail(gate, 0, { throttled: true, hintMillis: hint }, random);
        expect(gate.wakeAt(0)).toBe(Math.max(random * 1000, Math.min(hint, 300_000)));
      }),
    );
  });
});

describe('the size of requests', () => {
  test('halves from the second 429 in a row on, down to a sixteenth', () => {
    const gate = testGate();
    const ratios = Array.from({ length: 7 }, () => {
      fail(gate, 0, THROTTLED);
      return gate.sizeRatio;
    });
    expect(ratios).toEqual([1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16, 1 / 16]);
  });

  test('doubles after eight deliveries in a row, up to the whole', () => {
    const gate = testGate();
    for (let i = 0; i < 3; i += 1) fail(gate, 0, THROTTLED);
    const ratios = Array.from({ length: 24 }, () => {
      answer(gate, 100_000);
      return gate.sizeRatio;
    });
    expect([ratios[6], ratios[7], ratios[14], ratios[15], ratios[23]]).toEqual([1 / 4, 1 / 2, 1 / 2, 1, 1]);
  });

  test('a success in between starts the count of 429 again', () => {
    const gate = testGate();
    for (let i = 0; i < 10; i += 1) {
      fail(gate, 0, THROTTLED);
      answer(gate, 100_000);
    }
    expect(gate.sizeRatio).toBe(1);
  });
});

describe('refused address or credentials', () => {
  test('one attempt a minute, until one is answered', () => {
    const gate = testGate();
    gate.onRefused(0, gate.admit(0));
    expect([gate.isProbing, gate.mayAdmit(59_999), gate.wakeAt(0)]).toEqual([true, false, 60_000]);
    expect(width(gate, 60_000)).toBe(1);
    gate.onRefused(60_000, gate.admit(60_000));
    expect(gate.wakeAt(60_000)).toBe(120_000);
    answer(gate, 120_000);
    expect([gate.isProbing, width(gate, 120_000)]).toEqual([false, 1]);
  });
});

describe('a forced probe', () => {
  test('goes through an open breaker at once, and only one does', () => {
    const gate = openGate();
    gate.forceProbe();
    expect([gate.wakeAt(10), gate.mayAdmit(10)]).toEqual([undefined, true]);
    const probe = gate.admit(10);
    gate.forceProbe();
    expect(gate.mayAdmit(10)).toBe(false);
    gate.onFailed(10, 0, probe, ERROR);
    expect([gate.mayAdmit(10), gate.wakeAt(10)]).toEqual([false, 2010]);
  });

  test('goes through where credentials were refused', () => {
    const gate = testGate();
    gate.onRefused(0, gate.admit(0));
    gate.forceProbe();
    expect(gate.mayAdmit(1)).toBe(true);
  });

  test('keeps a pause that the backend asked for, and wakes at its end', () => {
    const gate = openGate();
    fail(gate, 1000, { throttled: true, hintMillis: 500 });
    gate.forceProbe();
    expect([gate.mayAdmit(1499), gate.wakeAt(1000), gate.mayAdmit(1500)]).toEqual([false, 1500, true]);
  });

  test('changes nothing at a gate that works', () => {
    const gate = testGate();
    gate.forceProbe();
    expect(width(gate, 0)).toBe(5);
  });
});

describe('waiting at the gate is pointless', () => {
  test('while it probes and no probe is under way or forced', () => {
    const gate = openGate();
    expect(gate.isShut(100_000)).toBe(true);
    gate.forceProbe();
    expect(gate.isShut(100_000)).toBe(false);
    const probe = gate.admit(0);
    expect(gate.isShut(100_000)).toBe(false);
    gate.onFailed(0, 0, probe, ERROR);
    expect(gate.isShut(100_000)).toBe(true);
  });

  test('while a pause outlasts the deadline', () => {
    const gate = testGate();
    fail(gate, 0, { throttled: true, hintMillis: 3000 });
    expect([gate.isShut(2999), gate.isShut(3000)]).toEqual([true, false]);
  });
});

test('whatever happens, no more attempts are under way than allowed, and one at most while it probes', () => {
  const step = fc.record({
    kind: fc.constantFrom('admit', 'answer', 'fail', 'throttle', 'refuse', 'abort', 'force', 'pass'),
    pick: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const gate = testGate();
      const active: Admission[] = [];
      let now = 0;
      let [mostActive, limitAtAdmission] = [0, 0];
      for (const { kind, pick } of steps) {
        if (kind === 'pass') now += pick * 50;
        else if (kind === 'force') gate.forceProbe();
        else if (kind === 'admit') {
          if (!gate.mayAdmit(now)) continue;
          limitAtAdmission = gate.isProbing ? 1 : 5;
          active.push(gate.admit(now));
          mostActive = active.length;
        } else {
          const [admission] = active.splice(pick % Math.max(1, active.length), 1);
          if (admission === undefined) continue;
          if (kind === 'answer') gate.onAnswered(now);
          else if (kind === 'abort') gate.onAborted(admission);
          else if (kind === 'refuse') gate.onRefused(now, admission);
          else gate.onFailed(now, 0.5, admission, kind === 'fail' ? ERROR : THROTTLED);
        }
        expect(mostActive).toBeLessThanOrEqual(limitAtAdmission);
        expect(gate.active).toBe(active.length);
        expect(gate.sizeRatio).toBeGreaterThanOrEqual(1 / 16);
        // It never shuts for good: when what it waits for has come, an attempt is admitted.
        expect(active.length > 0 || gate.mayAdmit(gate.wakeAt(now) ?? now)).toBe(true);
      }
    }),
  );
});
