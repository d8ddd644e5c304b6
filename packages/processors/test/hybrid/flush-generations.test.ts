import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { FlushGenerations, type Generation } from '../../src/hybrid/flush-generations.ts';

type Step = 'enter' | 'wait' | { readonly leave: number } | { readonly cancel: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('enter' as const) },
  { weight: 2, arbitrary: fc.constant('wait' as const) },
  { weight: 4, arbitrary: fc.record({ leave: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat(10) }) },
);

test('a waiter is called exactly when the last record that came before it is settled, in whatever order they settle', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const generations = new FlushGenerations();
      const held: { id: number; generation: Generation }[] = [];
      const waiters: { before: number; called: number; isCancelled: boolean; cancel: () => void }[] = [];
      let nextId = 0;
      let isExact = true;
      for (const current of steps) {
        if (current === 'enter') held.push({ id: nextId++, generation: generations.enter() });
        else if (current === 'wait') {
          const waiter = { before: nextId, called: 0, isCancelled: false, cancel: () => {} };
          const cancel = generations.whenSettled(() => (waiter.called += 1));
          // Where there is nothing to wait for nobody is called.
          isExact &&= (cancel === undefined) === (held.length === 0);
          if (cancel !== undefined) waiters.push(Object.assign(waiter, { cancel }));
        } else if ('leave' in current) {
          const [record] = held.splice(current.leave % Math.max(1, held.length), 1);
          if (record !== undefined) generations.leave(record.generation);
        } else {
          const waiter = waiters[current.cancel];
          if (waiter?.called === 0) waiter.isCancelled = true;
          waiter?.cancel();
        }
        for (const { before, called, isCancelled } of waiters) {
          const isSettled = held.every(({ id }) => id >= before);
          expect(called).toBe(isSettled && !isCancelled ? 1 : 0);
        }
      }
      expect(isExact).toBe(true);
      expect(generations.entered).toBe(nextId);
    }),
  );
});

test('a waiter is not delayed by records that came after it', () => {
  const generations = new FlushGenerations();
  const first = generations.enter();
  let called = 0;
  generations.whenSettled(() => (called += 1));
  generations.enter();
  generations.leave(first);
  expect(called).toBe(1);
});

test('the same callback can wait several times', () => {
  const generations = new FlushGenerations();
  const record = generations.enter();
  let called = 0;
  const callback = (): void => void (called += 1);
  generations.whenSettled(callback);
  generations.whenSettled(callback);
  generations.leave(record);
  expect(called).toBe(2);
});
