import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BoundedQueue,
  type BoundedQueueOptions,
  OVERFLOW_POLICIES,
  type OverflowPolicy,
  type QueueBounds,
} from '@spillway/buffer';
import { collectGarbage, weakly } from './collect-garbage.ts';
import { NaiveQueue } from './naive-queue.ts';

const [INFO, DEBUG, WARN, ERROR] = [9, 5, 13, 17];

/** A queue of numbers and what it has dropped. */
function setUp(options: Partial<BoundedQueueOptions<number>> & { overflow: OverflowPolicy }) {
  const dropped: number[] = [];
  const queue = new BoundedQueue<number>({
    maxSize: 1000,
    maxBytes: 1_000_000,
    onDrop: (item) => dropped.push(item),
    ...options,
  });
  return { queue, dropped };
}

function drain<T>(queue: BoundedQueue<T>): T[] {
  return Array.from({ length: queue.size }, () => queue.shift() as T);
}

const step = fc.record({
  act: fc.oneof(
    { arbitrary: fc.constant('push'), weight: 14 },
    { arbitrary: fc.constant('unshift'), weight: 4 },
    { arbitrary: fc.constant('shift'), weight: 3 },
    { arbitrary: fc.constantFrom('drain', 'resize'), weight: 2 },
  ),
  ratio: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.integer({ min: 0, max: 40 }),
  severity: fc.constantFrom(0, 1, 5, 9, 9, 17, 24),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Does one step and answers all that can be seen of it. */
function observe(
  queue: BoundedQueue<number> | NaiveQueue,
  item: number,
  { act, bytes, severity, ratio }: Step,
  { maxSize, maxBytes }: QueueBounds,
): unknown[] {
  const answers: unknown[] = [];
  if (act === 'push') answers.push(queue.push(item, bytes, severity));
  else if (act === 'unshift') answers.push(queue.unshift(item, bytes, severity));
  else if (act === 'resize') queue.resize({ maxSize: Math.floor(maxSize * ratio), maxBytes: maxBytes * ratio });
  else for (let left = act === 'shift' ? 1 : 10; left > 0; left -= 1) answers.push(queue.shift());
  return [...answers, queue.size, queue.bytes, queue.peek()];
}

describe.each(OVERFLOW_POLICIES)('%s', (overflow) => {
  test.each([
    ['few items', 8, 100, 100],
    ['bounded by count', 90, 1e6, 1000],
    ['bounded by bytes', 1e6, 2000, 1000],
  ])('holds and drops what a naive queue does: %s', (_name, maxSize, maxBytes, length) => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: length, size: 'max' }),
        fc.integer({ min: 1, max: 300 }),
        (steps, minCapacity) => {
          const model = new NaiveQueue(maxSize, maxBytes, overflow);
          const dropped: [number, number][] = [];
          const onDrop = (item: number, bytes: number) => dropped.push([item, bytes]);
          const queue = new BoundedQueue<number>({ maxSize, maxBytes, overflow, onDrop, minCapacity });
          const bounds = { maxSize, maxBytes };
          for (const [item, next] of steps.entries()) {
            expect(observe(queue, item, next, bounds)).toEqual(observe(model, item, next, bounds));
          }
          expect(dropped).toEqual(model.dropped);
          expect(drain(queue)).toEqual(model.held.map(({ item }) => item));
          expect([queue.size, queue.bytes, queue.shift(), queue.peek()]).toEqual([0, 0, undefined, undefined]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([Number.NaN, -1, Infinity, 101])('drops an item of %s bytes itself, and nothing else for it', (bytes) => {
    const { queue, dropped } = setUp({ overflow, maxBytes: 100, maxSize: 2 });
    expect(queue.push(0, bytes, ERROR)).toBe(false);
    queue.push(1, 50, INFO);
    queue.push(2, 50, INFO);
    expect(queue.push(3, bytes, ERROR)).toBe(false);
    expect(queue.unshift(4, bytes, ERROR)).toBe(false);
    expect(dropped).toEqual([0, 3, 4]);
    expect([queue.size, queue.bytes]).toEqual([2, 100]);
  });

  test('forgets everything when cleared, reports none of it, and goes on working', () => {
    const { queue, dropped } = setUp({ overflow, maxSize: 10 });
    for (let item = 0; item < 10; item += 1) queue.push(item, 1, INFO);
    queue.clear();
    expect([queue.size, queue.bytes, queue.peek(), queue.shift()]).toEqual([0, 0, undefined, undefined]);
    for (let item = 0; item < 10; item += 1) expect(queue.push(item, 1, INFO)).toBe(true);
    expect(dropped).toEqual([]);
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('keeps no reference to what it no longer holds', async () => {
    const queue = new BoundedQueue<object>({ maxSize: 2, maxBytes: 100, overflow });
    const references = [1, 2, 3, 4].map((severity) => weakly((object) => queue.push(object, 1, severity)));
    queue.shift();
    queue.shift();
    // References that were read in this turn are kept until it ends.
    await new Promise((resolve) => setTimeout(resolve, 0));
    collectGarbage();
    expect(references.map((reference) => reference.deref())).toEqual([undefined, undefined, undefined, undefined]);
    expect(queue.size).toBe(0);
  });
});

test('a bound of 0 holds nothing until it is raised again', () => {
  const { queue, dropped } = setUp({ overflow: 'drop-oldest' });
  queue.push(1, 1, INFO);
  queue.resize({ maxSize: 0, maxBytes: 10 });
  expect([queue.push(2, 1, INFO), queue.unshift(3, 1, INFO)]).toEqual([false, false]);
  queue.resize({ maxSize: 1, maxBytes: 10 });
  expect(queue.push(4, 1, INFO)).toBe(true);
  expect(dropped).toEqual([1, 2, 3]);
  expect(() => queue.resize({ maxSize: -1, maxBytes: 10 })).toThrow('Expected `maxSize`');
});

describe('drop-least-severe', () => {
  const overflow = 'drop-least-severe';

  test('keeps every ERROR of a flood, in order, and fills up with the newest of the rest', () => {
    const { queue, dropped } = setUp({ overflow, maxSize: 100 });
    for (let item = 0; item < 10_000; item += 1) queue.push(item, 1, item % 200 === 0 ? ERROR : INFO);
    const held = drain(queue);
    expect(held).toHaveLength(100);
    expect(held.filter((item) => item % 200 === 0)).toHaveLength(50);
    expect(held.filter((item) => item % 200 !== 0)).toEqual(Array.from({ length: 50 }, (_, index) => 9950 + index));
    expect(held).toEqual(held.toSorted((a, b) => a - b));
    expect(dropped).toHaveLength(9900);
  });

  test('drops what comes where it is less severe than all that is held', () => {
    const { queue, dropped } = setUp({ overflow, maxSize: 2 });
    queue.push(1, 1, ERROR);
    queue.push(2, 1, WARN);
    expect(queue.push(3, 1, DEBUG)).toBe(false);
    expect(queue.push(4, 1, WARN)).toBe(true);
    expect(dropped).toEqual([3, 2]);
  });

  test('drops nothing for an item that would not fit even without all that is less severe', () => {
    const { queue, dropped } = setUp({ overflow, maxBytes: 100 });
    queue.push(1, 20, DEBUG);
    queue.push(2, 70, ERROR);
    expect(queue.push(3, 40, INFO)).toBe(false);
    expect(dropped).toEqual([3]);
    expect(queue.push(4, 30, INFO)).toBe(true);
    expect(dropped).toEqual([3, 1]);
  });

  test.each([undefined, 0, -3, Number.NaN])('severity %s ranks as INFO', (severity) => {
    const { queue, dropped } = setUp({ overflow, maxSize: 3 });
    queue.push(1, 1, INFO - 1);
    queue.push(2, 1, severity);
    queue.push(3, 1, INFO);
    queue.push(4, 1, INFO + 1);
    queue.push(5, 1, INFO + 1);
    queue.push(6, 1, INFO + 1);
    expect(dropped).toEqual([1, 2, 3]);
  });

  test('a severity above 24 ranks as 24, a fraction as the number below', () => {
    const { queue, dropped } = setUp({ overflow, maxSize: 2 });
    queue.push(1, 1, 99);
    queue.push(2, 1, 9.9);
    queue.push(3, 1, 24);
    queue.push(4, 1, 24);
    expect(dropped).toEqual([2, 1]);
  });

  test('100,000 entries that give way one by one to 100,000 more severe ones leave those, in order', () => {
    const count = 100_000;
    const { queue, dropped } = setUp({ overflow, maxSize: count });
    for (let item = 0; item < count; item += 1) queue.push(item, 1, 1 + (item % 20));
    for (let item = 0; item < count; item += 1) queue.push(count + item, 1, 24);
    expect(dropped).toEqual(
      Array.from({ length: count }, (_, index) => Math.floor(index / 5000) + (index % 5000) * 20),
    );
    expect(drain(queue)).toEqual(Array.from({ length: count }, (_, index) => count + index));
  });
});

test('the memory of a large queue is given back as it is drained', async () => {
  const queue = new BoundedQueue<number>({ maxSize: 2 ** 20, maxBytes: 2 ** 30, overflow: 'drop-oldest' });
  for (let item = 0; item < 500_000; item += 1) queue.push(item, 1);
  collectGarbage();
  const before = process.memoryUsage();
  while (queue.size > 1000) queue.shift();
  // V8 sweeps array buffers on a thread of its own, a moment after it has collected them.
  let freed = 0;
  for (let turn = 0; turn < 100 && freed <= 500_000 * 16; turn += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    const after = process.memoryUsage();
    freed = before.heapUsed + before.arrayBuffers - after.heapUsed - after.arrayBuffers;
  }
  expect(freed).toBeGreaterThan(500_000 * 16);
  expect(queue.shift()).toBe(499_000);
});

test.each([
  [{ maxSize: 0 }, 'Expected `maxSize` to be an integer from 1 to 1073741824, got `0` (number).'],
  [{ maxSize: 1.5 }, 'Expected `maxSize`'],
  [{ maxBytes: 0 }, 'Expected `maxBytes` to be a number from 1 and up, got `0` (number).'],
  [{ maxBytes: undefined as never }, 'Expected `maxBytes`'],
  [
    { overflow: 'drop-all' as never },
    'Expected `overflow` to be one of "drop-newest", "drop-oldest", "drop-least-severe"',
  ],
  [{ onDrop: 1 as never }, 'Expected `onDrop` to be a function'],
  [{ minCapacity: 0 }, 'Expected `minCapacity` to be an integer from 1 to 1073741824, got `0` (number).'],
])('refuses %o', (options, message) => {
  expect(() => setUp({ overflow: 'drop-oldest', ...options })).toThrow(message);
});
