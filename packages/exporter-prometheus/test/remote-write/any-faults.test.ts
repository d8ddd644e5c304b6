import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { pass, WriterHarness } from './writer-harness.ts';

const INTERVAL_MILLIS = 15_000;
/** A series that was left out comes back, and a payload that waits has its turn. */
const RECOVERY_MILLIS = 7 * 60 * 1000;

const push = fc.record({
  /** What each of the counters grows by; one that has not grown yet is not there. */
  growths: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  answers: fc.array(fc.constantFrom(undefined, 400, 413, 429, 500, 503), { maxLength: 6 }),
});

it('whatever a receiver answers, its last values are right in the end, and each sample is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(push, { minLength: 1, maxLength: 12 }), async (pushes) => {
      const harness = new WriterHarness();
      await harness.setUp();
      const started = harness.start({ maxSamplesPerRequest: 3 });
      harness.counts = {};
      for (const { growths, answers } of pushes) {
        for (const [index, growth] of growths.entries()) {
          const code = `c${index}`;
          if (growth > 0) harness.counts[code] = (harness.counts[code] ?? 0) + growth;
        }
        const script = [...answers];
        harness.server.answer = () => script.shift();
        await pass(started, INTERVAL_MILLIS);
      }
      harness.server.answer = () => undefined;
      await pass(started, RECOVERY_MILLIS);
      expect(harness.server.lastValues('code')).toEqual(harness.counts);
      const { received, passed, droppedTotal, held } = started.writer.stats();
      expect([received, held]).toEqual([passed + droppedTotal, 0]);
      await harness.tearDown();
    }),
    { numRuns: 25 },
  );
}, 60_000);
