import { exponentialBackoff } from '@spillway/retry';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeldPayload } from '../src/held-payload.ts';
import { HeldPayloads } from '../src/held-payloads.ts';
import { heldPayload, testOwner } from './test-payload.ts';

const HOUR = 60 * 60 * 1000;
const BACKOFF = exponentialBackoff();

interface Values extends Partial<HeldPayload> {
  readonly tenant?: string;
}

function create(maxConcurrent = 5): { held: HeldPayloads; add: (values?: Values) => HeldPayload } {
  const held = new HeldPayloads(BACKOFF, maxConcurrent);
  const owner = testOwner();
  const add = (values: Values = {}): HeldPayload => {
    const gate = held.gateFor((values.owner ?? owner).url, values.tenant);
    const payload = heldPayload({ owner, gate, ...values });
    held.add(payload);
    return payload;
  };
  return { held, add };
}

function send(payload: HeldPayload, now = 0): void {
  payload.admission = payload.gate.admit(now);
}

function fail(payload: HeldPayload, now = 0): void {
  send(payload, now);
  payload.gate.onFailed(now, 0, { epoch: 0 }, { throttled: false, hintMillis: undefined });
  payload.admission = undefined;
}

describe('the next payload', () => {
  test('is the oldest, unless one of ERROR or above waits', () => {
    const { held, add } = create();
    const info = add();
    const error = add({ highestSeverity: 17 });
    const fatal = add({ highestSeverity: 21 });
    expect(held.next(0, 0, false)).toBe(error);
    send(error);
    expect(held.next(0, 0, false)).toBe(fatal);
    send(fatal);
    expect(held.next(0, 0, true)).toBeUndefined();
    expect(held.next(0, 0, false)).toBe(info);
  });

  test('is the oldest while that is more than 50 minutes old: nothing may lock it out', () => {
    const { held, add } = create();
    const old = add({ oldestTimeMillis: HOUR });
    const error = add({ highestSeverity: 17, oldestTimeMillis: 2 * HOUR });
    const fiftyMinutesLater = HOUR + 50 * 60 * 1000;
    expect(held.next(0, fiftyMinutesLater, false)).toBe(error);
    expect(held.next(0, fiftyMinutesLater + 1, false)).toBe(old);
    expect(held.next(0, fiftyMinutesLater + 1, true)).toBeUndefined();
    send(old);
    expect(held.next(0, fiftyMinutesLater + 1, true)).toBeUndefined();
    held.remove(old);
    expect(held.next(0, fiftyMinutesLater + 1, true)).toBe(error);
  });

  test('of several tenants is the urgent one, then the oldest; a tenant whose gate is shut holds up no other', () => {
    const { held, add } = create(1);
    const a = add({ tenant: 'a' });
    const b = add({ tenant: 'b' });
    const urgent = add({ tenant: 'c', highestSeverity: 17 });
    expect(held.next(0, 0, false)).toBe(urgent);
    send(urgent);
    expect(held.next(0, 0, false)).toBe(a);
    send(a);
    expect(held.next(0, 0, false)).toBe(b);
  });

  test('is a probe, the oldest one, while the breaker is open, however urgent the others are', () => {
    const { held, add } = create();
    const oldest = add();
    add({ highestSeverity: 24 });
    for (let i = 0; i < 5; i += 1) fail(oldest);
    held.wait(oldest, 1_000_000);
    expect(held.next(999, 0, false)).toBeUndefined();
    expect(held.wakeAt(0)).toBe(1000);
    expect(held.next(1000, 0, false)).toBe(oldest);
    send(oldest, 1000);
    expect(held.next(1000, 0, false)).toBeUndefined();
  });

  test('is nothing of an owner without an address', () => {
    const { held, add } = create();
    add({ owner: Object.assign(testOwner(), { url: undefined }) });
    expect(held.next(0, 0, false)).toBeUndefined();
    const other = add();
    expect(held.next(0, 0, false)).toBe(other);
  });
});

describe('a new address', () => {
  test('moves what an owner has to the gate of the address, without its waits', () => {
    const { held, add } = create();
    const owner = testOwner('http://a/');
    const mine = add({ owner });
    const inFlight = add({ owner });
    const other = add();
    held.wait(mine, 1_000_000);
    send(inFlight);
    owner.url = 'http://b/';
    held.regate(owner);
    expect(mine.gate).toBe(held.gateFor('http://b/', undefined));
    expect(mine.notBefore).toBe(0);
    expect([inFlight.gate, other.gate]).toEqual([
      held.gateFor('http://a/', undefined),
      held.gateFor('http://a/', undefined),
    ]);
    held.place(inFlight);
    expect(inFlight.gate).toBe(mine.gate);
    expect(held.of(owner)).toEqual([mine, inFlight]);
    expect(held.gatesOf(owner)).toEqual([mine.gate]);
  });

  test('does not bring back a payload that is gone', () => {
    const { held, add } = create();
    const owner = testOwner('http://a/');
    const gone = add({ owner });
    held.remove(gone);
    owner.url = 'http://b/';
    held.place(gone);
    expect(held.of(owner)).toEqual([]);
  });
});

test('the first to give up is the least severe, then the oldest, over all tenants, and never one in flight', () => {
  const severities = fc.array(
    fc.record({ severity: fc.nat(24), tenant: fc.constantFrom('a', 'b'), busy: fc.boolean() }),
  );
  fc.assert(
    fc.property(severities, (specs) => {
      const { held, add } = create(1000);
      const idle = specs.flatMap(({ severity, tenant, busy }) => {
        const payload = add({ highestSeverity: severity, tenant });
        if (busy) send(payload);
        return busy ? [] : [payload];
      });
      const expected = idle.toSorted((a, b) => a.highestSeverity - b.highestSeverity || a.order - b.order);
      for (const payload of expected) {
        expect(held.victim(() => true)).toBe(payload);
        held.remove(payload);
      }
      expect(held.victim(() => true)).toBeUndefined();
    }),
  );
});

test('waits end for the owner that flushes, and tell when to wake', () => {
  const { held, add } = create();
  const payload = add();
  held.wait(payload, 500);
  expect([held.next(499, 0, false), held.wakeAt(0)]).toEqual([undefined, 500]);
  expect(held.next(500, 0, false)).toBe(payload);
  held.endWaits(payload.owner);
  expect([held.next(0, 0, false), held.wakeAt(0)]).toEqual([payload, undefined]);
});

test('the gates that are remembered without a payload are bounded', () => {
  const { held, add } = create();
  const used = add({ tenant: 'used' });
  const first = held.gateFor('http://a/', 'tenant 0');
  for (let i = 0; i < 5000; i += 1) held.gateFor('http://a/', `tenant ${i}`);
  expect(held.gateFor('http://a/', 'tenant 0')).not.toBe(first);
  expect(held.gateFor('http://a/', 'used')).toBe(used.gate);
});
