import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlushWaiter } from '../src/flush-waiter.ts';
import { heldPayload, testGate, testOwner } from './test-payload.ts';

const owner = testOwner();
const OPEN = testGate();

function shutGate(): ReturnType<typeof testGate> {
  const gate = testGate();
  gate.onRefused(0, gate.admit(0));
  return gate;
}

test('it waits exactly until all that came before it is gone, whatever else comes and goes', () => {
  const spec = fc.record({ order: fc.nat(20), isMine: fc.boolean() });
  fc.assert(
    fc.property(fc.array(spec), (specs) => {
      const waiter = new FlushWaiter(owner, 10, 1000);
      const payloads = specs.map(({ order, isMine }) => heldPayload({ order, owner: isMine ? owner : testOwner() }));
      const awaited = payloads.filter((held) => held.owner === owner && held.order < 10);
      for (const held of payloads) waiter.onAdded(held);
      for (const held of payloads.filter((one) => !awaited.includes(one))) waiter.onRemoved(held);
      for (const held of awaited) {
        expect(waiter.settleIfOver([OPEN])).toBe(false);
        waiter.onRemoved(held);
      }
      expect(waiter.settleIfOver([OPEN])).toBe(true);
    }),
  );
});

test('the halves of a payload it waits for are waited for', () => {
  const waiter = new FlushWaiter(owner, 10, 1000);
  const whole = heldPayload({ owner, order: 9 });
  const half = heldPayload({ owner, order: 9.5 });
  waiter.onAdded(whole);
  waiter.onRemoved(whole);
  waiter.onAdded(half);
  expect(waiter.settleIfOver([OPEN])).toBe(false);
  waiter.onRemoved(half);
  expect(waiter.settleIfOver([OPEN])).toBe(true);
});

test('it ends when every gate is shut, and not before', async () => {
  const waiter = new FlushWaiter(owner, 10, 1000);
  waiter.onAdded(heldPayload({ owner, order: 1 }));
  expect(waiter.settleIfOver([shutGate(), OPEN])).toBe(false);
  expect(waiter.settleIfOver([shutGate(), shutGate()])).toBe(true);
  await waiter.done;
});

test('without an address it ends as soon as nothing is under way', () => {
  const nowhere = Object.assign(testOwner(), { url: undefined });
  const waiter = new FlushWaiter(nowhere, 10, 1000);
  waiter.onAdded(heldPayload({ owner: nowhere, order: 1 }));
  const busy = testGate();
  const admission = busy.admit(0);
  expect(waiter.settleIfOver([busy])).toBe(false);
  busy.onAborted(admission);
  expect(waiter.settleIfOver([busy])).toBe(true);
});

test('it can be ended whatever is left', async () => {
  const waiter = new FlushWaiter(owner, 10, 1000);
  waiter.onAdded(heldPayload({ owner, order: 1 }));
  waiter.cancel();
  await expect(waiter.done).resolves.toBeUndefined();
});
