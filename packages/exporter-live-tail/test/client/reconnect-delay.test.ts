import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { reconnectDelayMillis } from '../../src/client/reconnect-delay.ts';

test('every wait is long enough to spare a server and short enough for who looks at the page', () => {
  const attempt = fc.integer({ min: 1, max: 10_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempt, random, fc.option(fc.string()), (failures, chance, retryAfter) => {
      const delay = reconnectDelayMillis(failures, chance, retryAfter);
      expect(delay).toBeGreaterThanOrEqual(250);
      expect(delay).toBeLessThanOrEqual(60_000);
      expect(reconnectDelayMillis(failures + 1, chance, retryAfter)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test('clients that have failed together do not come back together', () => {
  expect([0, 0.5, 0.999].map((random) => reconnectDelayMillis(3, random, null))).toEqual([1000, 1500, 1999]);
});
