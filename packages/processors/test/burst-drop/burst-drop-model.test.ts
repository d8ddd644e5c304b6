import type { BurstDropLogRecordProcessorOptions } from '@spillway/processors';
import * as fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';

import { BurstDropModel, firstThenEveryModel, minIntervalModel, type ModelLimit } from './burst-drop-model.ts';
import { cleanUp, DEBUG, ERROR, expectAccounted, expectClosed, fakeTime, INFO, setUp, WARN } from './harness.ts';

afterEach(cleanUp);

interface Case {
  readonly options: Partial<BurstDropLogRecordProcessorOptions>;
  readonly limit: ModelLimit;
  readonly summaryMillis: number;
}

const tens = fc.integer({ min: 1, max: 20 }).map((count) => count * 10);

const firstThenEvery = fc
  .record({ first: fc.nat(3), thereafter: fc.nat(3), intervalMillis: tens })
  .map((limit): Case => {
    const { first, thereafter, intervalMillis } = limit;
    return {
      options: { firstThenEvery: limit },
      limit: firstThenEveryModel(first, thereafter, intervalMillis),
      summaryMillis: intervalMillis,
    };
  });

const minInterval = fc
  .record({ minIntervalMillis: fc.integer({ min: 1, max: 60 }), summaryIntervalMillis: tens })
  .map((options): Case => {
    const { minIntervalMillis, summaryIntervalMillis } = options;
    return { options, limit: minIntervalModel(minIntervalMillis), summaryMillis: summaryIntervalMillis };
  });

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      body: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      severity: fc.constantFrom(DEBUG, INFO, INFO, WARN, ERROR),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 150 }) }) },
  { weight: 1, arbitrary: fc.constant('flush') },
  { weight: 1, arbitrary: fc.constant('flushSync') },
);

test('whatever comes, what passes and what summaries count is what a naive model says, and all of it is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(firstThenEvery, minInterval),
      fc.integer({ min: 1, max: 8 }),
      fc.array(step, { maxLength: 60 }),
      async ({ options, limit, summaryMillis }, maxKeys, steps) => {
        fakeTime();
        const { delegate, processor, logger } = setUp({ ...options, maxKeys });
        const model = new BurstDropModel(limit, maxKeys, summaryMillis);
        delegate.onRecord = () => expectClosed(processor.stats());
        let received = 0;
        for (const current of steps) {
          const now = performance.now();
          if (current === 'flush') {
            model.flush();
            await processor.forceFlush();
          } else if (current === 'flushSync') {
            model.flush();
            processor.flushSync(10);
          } else if ('pass' in current) {
            model.advance(now, now + current.pass);
            vi.advanceTimersByTime(current.pass);
          } else {
            const { body, severity, count } = current;
            for (let index = 0; index < count; index += 1) {
              model.emit({ id: received, key: `${severity} ${body}`, isLimited: severity < ERROR }, now);
              logger.emit({ severityNumber: severity, eventName: body, body: received });
              received += 1;
            }
          }
          expect(delegate.lines).toEqual(model.lines);
          expect(processor.stats()).toMatchObject({ received, keys: model.keys, held: 0 });
          expectClosed(processor.stats());
        }
        model.flush();
        await processor.shutdown();
        expect(delegate.lines).toEqual(model.lines);
        expectAccounted({ delegate, processor });
        vi.useRealTimers();
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);
