import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Batch } from '../../src/hybrid/batch.ts';
import type { QueuedLogRecord } from '../../src/hybrid/queued-log-record.ts';
import { RetryList } from '../../src/hybrid/retry-list.ts';

const batch = fc.record({ order: fc.nat(), isFallback: fc.boolean(), recordCount: fc.integer({ min: 1, max: 3 }) });

test('batches leave with the immediate ones first, each kind in the order they left the queue', () => {
  fc.assert(
    fc.property(fc.uniqueArray(batch, { selector: ({ order }) => order, maxLength: 12 }), (described) => {
      const list = new RetryList();
      for (const { order, isFallback, recordCount } of described) {
        const records = Array.from({ length: recordCount }, () => ({}) as QueuedLogRecord);
        list.add({ records, order, isFallback, lane: 'batch', attempts: 1 });
      }
      expect(list.recordCount).toBe(described.reduce((sum, { recordCount }) => sum + recordCount, 0));
      expect(list.fallbackCount).toBe(described.filter(({ isFallback }) => isFallback).length);
      const left: Batch[] = [];
      for (let next = list.shift(); next !== undefined; next = list.shift()) left.push(next);
      const expected = described.toSorted((a, b) => Number(b.isFallback) - Number(a.isFallback) || a.order - b.order);
      expect(left.map(({ order }) => order)).toEqual(expected.map(({ order }) => order));
      expect([list.size, list.recordCount, list.fallbackCount]).toEqual([0, 0, 0]);
    }),
  );
});
