import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { LaneQueues } from '../../src/hybrid/lane-queues.ts';
import type { QueuedLogRecord } from '../../src/hybrid/queued-log-record.ts';

type Policy = 'drop-newest' | 'drop-oldest' | 'drop-least-severe';

interface Item {
  readonly id: number;
  readonly bytes: number;
  readonly severityNumber: number;
  readonly isImmediate: boolean;
}

/** The same queues as two arrays that are searched each time. Answers what it dropped, in order. */
class NaiveQueues {
  readonly lanes = { immediate: [] as Item[], batch: [] as Item[] };
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #policy: Policy;

  constructor(maxSize: number, maxBytes: number, policy: Policy) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
    this.#policy = policy;
  }

  push(item: Item): Item[] {
    const { immediate, batch } = this.lanes;
    if (!item.isImmediate) return this.#pushTo(batch, item, immediate);
    const dropped = this.#pushTo(immediate, item, []);
    while (!this.#fit([...batch, ...immediate])) dropped.push(this.#evict(batch));
    return dropped;
  }

  #pushTo(lane: Item[], item: Item, others: Item[]): Item[] {
    const isVictim = (held: Item): boolean =>
      this.#policy === 'drop-oldest' ||
      (this.#policy === 'drop-least-severe' && held.severityNumber <= item.severityNumber);
    const survivors = this.#fit([...lane, item, ...others]) ? lane : lane.filter((held) => !isVictim(held));
    if (!this.#fit([...survivors, item, ...others])) return [item];
    const dropped: Item[] = [];
    while (!this.#fit([...lane, item, ...others])) dropped.push(this.#evict(lane));
    lane.push(item);
    return dropped;
  }

  #evict(lane: Item[]): Item {
    const lowest = Math.min(...lane.map(({ severityNumber }) => severityNumber));
    const index = {
      'drop-newest': lane.length - 1,
      'drop-oldest': 0,
      'drop-least-severe': lane.findIndex(({ severityNumber }) => severityNumber === lowest),
    }[this.#policy];
    return lane.splice(index, 1)[0] as Item;
  }

  #fit(items: readonly Item[]): boolean {
    return items.length <= this.#maxSize && items.reduce((sum, { bytes }) => sum + bytes, 0) <= this.#maxBytes;
  }
}

const push = fc.record({
  bytes: fc.integer({ min: 1, max: 12 }),
  severityNumber: fc.integer({ min: 1, max: 4 }),
  isImmediate: fc.boolean(),
});
const take = fc.record({ takes: fc.constantFrom('immediate', 'batch'), count: fc.nat(5), bytes: fc.nat(30) });

test('both lanes do what two arrays under one bound would do', () => {
  const policy = fc.constantFrom<Policy>('drop-newest', 'drop-oldest', 'drop-least-severe');
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: push }, take), { maxLength: 120 });
  fc.assert(
    fc.property(policy, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 10, max: 60 }), steps, (...drawn) => {
      const [overflow, maxSize, maxBytes, actions] = drawn;
      const evicted: unknown[] = [];
      const onEvict = (record: unknown): void => void evicted.push(record);
      const queues = new LaneQueues({ maxSize, maxBytes, overflow, batchSize: 5, onEvict });
      const naive = new NaiveQueues(maxSize, maxBytes, overflow);
      const expectedEvicted: Item[] = [];
      const taken: unknown[] = [];
      const expectedTaken: Item[] = [];
      for (const [id, action] of actions.entries()) {
        if ('takes' in action) {
          const lane = naive.lanes[action.takes];
          let bytes = 0;
          const end = lane.findIndex((item, index) => {
            const isEnough = index >= action.count || bytes >= action.bytes;
            bytes += item.bytes;
            return isEnough;
          });
          taken.push(...queues.take(action.takes === 'immediate', action.count, action.bytes, () => true));
          expectedTaken.push(...lane.splice(0, end < 0 ? lane.length : end));
        } else {
          const item = { id, ...action };
          queues.push(item as unknown as QueuedLogRecord);
          expectedEvicted.push(...naive.push(item));
        }
        const { immediate, batch } = naive.lanes;
        expect([queues.immediateSize, queues.batchSize]).toEqual([immediate.length, batch.length]);
        expect([queues.peek(true), queues.peek(false)]).toEqual([immediate[0], batch[0]]);
        expect(queues.pressure).toBeLessThanOrEqual(1);
      }
      expect(taken).toEqual(expectedTaken);
      expect(evicted).toEqual(expectedEvicted);
    }),
  );
});

test('a record that is not accepted ends the batch and stays the first of its lane', () => {
  const queues = new LaneQueues({
    maxSize: 3,
    maxBytes: 100,
    overflow: 'drop-oldest',
    batchSize: 5,
    onEvict: () => {},
  });
  const items = [1, 2, 3].map((id) => ({ id, bytes: 1, isImmediate: false }) as unknown as QueuedLogRecord);
  for (const item of items) queues.push(item);
  expect(queues.take(false, 9, 9, (record) => record !== items[1])).toEqual([items[0]]);
  expect(queues.peek(false)).toBe(items[1]);
  expect(queues.take(false, 9, 9, () => true)).toEqual(items.slice(1));
});
