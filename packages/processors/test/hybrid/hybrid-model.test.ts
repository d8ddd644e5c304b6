import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  cleanUp,
  expectClosed,
  failed,
  fakeTime,
  pass,
  ScriptedExporter,
  settle,
  setUp,
  SUCCESS,
  watch,
} from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ info: fc.integer({ min: 1, max: 7 }) }) },
  { weight: 2, arbitrary: fc.record({ error: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ answer: fc.constantFrom(SUCCESS, failed(503), failed(400)), call: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ pass: fc.constantFrom(1, 400, 1000, 3000) }) },
  { weight: 1, arbitrary: fc.record({ flush: fc.constantFrom(500, 30_000) }) },
  { weight: 1, arbitrary: fc.record({ flushSync: fc.constant(10) }) },
);

const options = fc.record({
  maxQueueSize: fc.integer({ min: 2, max: 12 }),
  maxExportBatchSize: fc.integer({ min: 1, max: 4 }),
  maxConcurrentExports: fc.integer({ min: 1, max: 3 }),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  overflow: fc.constantFrom('drop-newest', 'drop-oldest', 'drop-least-severe'),
});

test('whatever is emitted, answered and flushed, every record is in one place, each flush is exact and order holds', async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.array(step, { maxLength: 40 }), async (drawn, steps) => {
      const dropped: unknown[] = [];
      const exporter = new ScriptedExporter();
      const { processor, info, error } = setUp(
        {
          ...drawn,
          exportTimeoutMillis: 5000,
          onDrop: ({ record }) => {
            dropped.push(record.body);
            expectClosed(processor.stats());
          },
        },
        exporter,
      );
      const answered = new Set<number>();
      const passed: unknown[] = [];
      const flushes: { readonly before: number; readonly state: { isSettled: boolean }; readonly until: number }[] = [];
      const errors = new Set<unknown>();
      let next = 0;
      for (const current of steps) {
        if ('info' in current) info(next, (next += current.info));
        else if ('error' in current) {
          for (let body = next; body < next + current.error; body += 1) errors.add(body);
          error(next, (next += current.error));
        } else if ('pass' in current) await pass(current.pass);
        else if ('flushSync' in current) processor.flushSync(current.flushSync);
        else if ('flush' in current) {
          const state = watch(processor.forceFlush({ timeoutMillis: current.flush }));
          flushes.push({ before: next, state, until: performance.now() + current.flush });
        } else {
          const open = exporter.batches.flatMap((_, index) => (answered.has(index) ? [] : [index]));
          const index = open[current.call % Math.max(1, open.length)];
          const { passed: before } = processor.stats();
          if (index !== undefined) exporter.batches[index]?.answer(current.answer);
          if (index !== undefined) answered.add(index);
          const hasPassed = processor.stats().passed > before;
          if (index !== undefined && hasPassed) passed.push(...(exporter.batches[index]?.bodies ?? []));
        }
        expectClosed(processor.stats());
        expect(processor.stats().queueSize).toBeLessThanOrEqual(drawn.maxQueueSize);
        await settle();
        const settled = new Set([...passed, ...dropped]);
        expect(settled.size).toBe(passed.length + dropped.length);
        for (const { before, state, until } of flushes) {
          const isDone = Array.from({ length: before }, (_, body) => settled.has(body)).every(Boolean);
          expect(state.isSettled).toBe(isDone || performance.now() >= until);
        }
      }
      // A set keeps the order in which its values came first.
      const firstOffers = [...new Set(exporter.bodies)].filter((body) => !errors.has(body)) as number[];
      expect(firstOffers).toEqual(firstOffers.toSorted((a, b) => a - b));
      const shutdown = processor.shutdown();
      for (let second = 0; second < 6; second += 1) await pass(1000);
      await shutdown;
      expect(processor.stats()).toMatchObject({ received: next, held: 0, passed: passed.length });
      expect(new Set([...passed, ...dropped])).toEqual(new Set(Array.from({ length: next }, (_, body) => body)));
    }),
    { numRuns: 150 },
  );
}, 30_000);
