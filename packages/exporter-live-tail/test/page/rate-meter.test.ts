import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { RateMeter } from '../../page/src/rate-meter.ts';

test('a steady flow has its rate from the second look on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 10, max: 1000 }), (perSecond, pause) => {
      const meter = new RateMeter();
      expect(meter.perSecond(0, 0)).toBe(0);
      for (let now = pause; now < 10_000; now += pause) {
        expect(meter.perSecond((perSecond * now) / 1000, now)).toBeCloseTo(perSecond);
      }
    }),
  );
});

test('a flow that ends is forgotten within seconds', () => {
  const meter = new RateMeter();
  for (let now = 0; now <= 1000; now += 250) meter.perSecond(now * 5, now);
  const later = Array.from({ length: 17 }, (_, index) => meter.perSecond(5000, 1250 + index * 250));
  expect(later[0]).toBeGreaterThan(0);
  expect(later.at(-1)).toBe(0);
});
