import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeldPayload } from '../src/held-payload.ts';
import { SendOrder } from '../src/send-order.ts';
import { lineBackend } from './test-backend.ts';
import { heldPayload, testOwner } from './test-payload.ts';

const IN_FLIGHT = { epoch: 0 };
const ordered = Object.assign(testOwner(), { backend: { ...lineBackend, isOrdered: true } });
const owners = [testOwner(), testOwner(), ordered];

/** What SendOrder should do, said naively: one list, searched each time. */
class Model {
  held: HeldPayload[] = [];

  oldestWhere(accepts: (held: HeldPayload) => boolean): HeldPayload | undefined {
    return this.held.filter(accepts).toSorted((a, b) => a.order - b.order)[0];
  }

  next(now: number, urgent: boolean): HeldPayload | undefined {
    return this.oldestWhere(
      (held) =>
        held.admission === undefined &&
        held.notBefore <= now &&
        (!urgent || severityOf(held) >= 17) &&
        this.hasTurn(held),
    );
  }

  /** Of the ordered owner: whether nothing older holds it up. */
  hasTurn(held: HeldPayload): boolean {
    if (held.owner !== ordered) return true;
    const older = this.held.filter((other) => other.owner === ordered && other.order < held.order);
    return older.every((other) => other.recordCount === 1 && other.answeredFailures >= 3);
  }

  probe(): HeldPayload | undefined {
    const idle = this.held
      .filter((held) => held.admission === undefined && this.hasTurn(held))
      .toSorted((a, b) => a.order - b.order);
    const wholesome = idle.filter((held) => !isSuspect(held));
    return wholesome.slice(0, 9).find((held) => held.failedProbes < 3) ?? idle[0];
  }

  victim(): HeldPayload | undefined {
    const idle = this.held.filter((held) => held.admission === undefined);
    return idle.toSorted((a, b) => severityOf(a) - severityOf(b) || a.order - b.order)[0];
  }

  wakeAt(now: number): number | undefined {
    const times = this.held.map((held) => held.notBefore).filter((at) => at > now);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

function isSuspect(held: HeldPayload): boolean {
  return held.owner === ordered && held.answeredFailures >= 3;
}

function severityOf(held: HeldPayload): number {
  return held.owner === ordered ? 0 : held.highestSeverity;
}

type Step =
  | { readonly kind: 'add'; readonly order: number; readonly severity: number }
  | { readonly kind: 'remove' | 'send' | 'land' | 'probed' | 'failed' | 'endWaits'; readonly pick: number }
  | { readonly kind: 'wait'; readonly pick: number; readonly millis: number }
  | { readonly kind: 'pass'; readonly millis: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), order: fc.nat(1000), severity: fc.nat(24) }) },
  fc.record({ kind: fc.constantFrom('remove', 'send', 'land', 'probed', 'failed', 'endWaits'), pick: fc.nat(1000) }),
  fc.record({ kind: fc.constant('wait'), pick: fc.nat(1000), millis: fc.nat(100) }),
  fc.record({ kind: fc.constant('pass'), millis: fc.nat(50) }),
);

/** Does one step to both; says what time it is then. */
function take(one: Step, order: SendOrder, model: Model, now: number): number {
  if (one.kind === 'pass') return now + one.millis;
  if (one.kind === 'add') {
    const held = heldPayload({
      highestSeverity: one.severity,
      owner: owners[one.order % 3] ?? ordered,
      recordCount: 1 + (one.order % 2),
    });
    // Places are unique in the drain loop: a whole number, or a fraction for a part of a payload.
    const placed = { ...held, order: one.order + held.id / 1e9 };
    order.add(placed);
    model.held.push(placed);
    return now;
  }
  const picked = model.held[one.pick % Math.max(1, model.held.length)];
  if (one.kind === 'endWaits') {
    order.endWaits();
    for (const held of model.held) held.notBefore = 0;
  } else if (picked === undefined) return now;
  else if (one.kind === 'remove') {
    if (order.remove(picked)) model.held = model.held.filter((held) => held !== picked);
  } else if (one.kind === 'wait') order.wait(picked, now + one.millis);
  else if (one.kind === 'probed') picked.failedProbes += 1;
  else if (one.kind === 'failed') picked.answeredFailures += 1;
  else picked.admission = one.kind === 'send' ? IN_FLIGHT : undefined;
  return now;
}

test('after any steps it answers as a list that is searched each time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const order = new SendOrder();
      const model = new Model();
      let now = 0;
      for (const one of steps) {
        now = take(one, order, model, now);
        expect(order.size).toBe(model.held.length);
        expect(order.oldest()).toBe(model.oldestWhere(() => true));
        expect(order.next(now, false)).toBe(model.next(now, false));
        expect(order.next(now, true)).toBe(model.next(now, true));
        expect(order.probe()).toBe(model.probe());
        expect(order.victim(() => true)).toBe(model.victim());
        expect(order.wakeAt(now)).toBe(model.wakeAt(now));
        expect(owners.map((owner) => order.hasAny(owner))).toEqual(
          owners.map((owner) => model.held.some((held) => held.owner === owner)),
        );
        expect(new Set(order.all())).toEqual(new Set(model.held));
      }
    }),
  );
});

test('a payload is removed once', () => {
  const order = new SendOrder();
  const held = heldPayload();
  order.add(held);
  expect([order.remove(held), order.remove(held), order.size]).toEqual([true, false, 0]);
});

describe('the probe', () => {
  test('is the oldest payload, also while it waits for its next attempt', () => {
    const order = new SendOrder();
    const [first, second] = [heldPayload(), heldPayload()];
    order.add(first);
    order.add(second);
    order.wait(first, 1_000_000);
    expect(order.probe()).toBe(first);
  });

  test('is a younger payload once the oldest has failed three probes', () => {
    const order = new SendOrder();
    const poisoned = heldPayload({ failedProbes: 3 });
    const healthy = heldPayload({ highestSeverity: 21 });
    order.add(poisoned);
    expect(order.probe()).toBe(poisoned);
    order.add(healthy);
    expect(order.probe()).toBe(healthy);
  });

  test('passes over eight payloads at most, so that an outage does not turn the order around', () => {
    const order = new SendOrder();
    const failed = Array.from({ length: 9 }, (_, index) => heldPayload({ failedProbes: 3, highestSeverity: index }));
    for (const held of failed) order.add(held);
    order.add(heldPayload());
    expect(order.probe()).toBe(failed[0]);
  });
});

test('severities that are none count as the nearest', () => {
  const order = new SendOrder();
  const odd = [Number.NaN, -5, 99, 17.9].map((highestSeverity) => heldPayload({ highestSeverity }));
  for (const held of odd) order.add(held);
  expect(order.victim(() => true)).toBe(odd[0]);
  expect(order.next(0, true)).toBe(odd[2]);
});
