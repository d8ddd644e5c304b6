import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingBuffer } from '@spillway/buffer';
import { collectGarbage, weakly } from './collect-garbage.ts';

test('holds, overwrites and counts what a naive ring does', () => {
  const step = fc.constantFrom('push', 'push', 'push', 'shift', 'clear');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 100 }), (capacity, steps) => {
      const ring = new RingBuffer<number>(capacity);
      let model: number[] = [];
      let overwrittenCount = 0;
      for (const [item, action] of steps.entries()) {
        let [answer, expected]: (number | undefined)[] = [];
        if (action === 'push') {
          answer = ring.push(item);
          model.push(item);
          if (model.length > capacity) {
            expected = model.shift();
            overwrittenCount += 1;
          }
        } else if (action === 'shift') {
          answer = ring.shift();
          expected = model.shift();
        } else {
          ring.clear();
          model = [];
        }
        expect(answer).toBe(expected);
        expect([ring.size, ring.peek(), ring.overwrittenCount]).toEqual([model.length, model[0], overwrittenCount]);
        expect(ring.toArray()).toEqual(model);
        expect([...ring]).toEqual(model);
        expect([-1, 0, 1, model.length].map((index) => ring.at(index))).toEqual([
          undefined,
          ...[0, 1, model.length].map((index) => model[index]),
        ]);
      }
      expect(ring.capacity).toBe(capacity);
    }),
  );
});

test('keeps no reference to what was overwritten, shifted or cleared', async () => {
  const ring = new RingBuffer<object>(3);
  const references = Array.from({ length: 5 }, () => weakly((object) => ring.push(object)));
  ring.shift();
  const cleared = new RingBuffer<object>(3);
  references.push(weakly((object) => cleared.push(object)));
  cleared.clear();
  await new Promise((resolve) => setTimeout(resolve, 0));
  collectGarbage();
  const isHeld = references.map((reference) => reference.deref() !== undefined);
  expect(isHeld).toEqual([false, false, false, true, true, false]);
  expect(ring.size).toBe(2);
});

test('a large capacity costs nothing until it is used', () => {
  const ring = new RingBuffer<number>(2 ** 32 - 1);
  ring.push(1);
  expect(ring.toArray()).toEqual([1]);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 32, '5' as never])('refuses a capacity of %s', (capacity) => {
  expect(() => new RingBuffer(capacity)).toThrow('Expected `capacity` to be an integer from 1 to 4294967295');
});
