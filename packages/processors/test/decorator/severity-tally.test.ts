import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { SeverityTally } from '../../src/severity-tally.ts';

test('records are counted by the range of their severity', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 50 }), (severities) => {
      const tally = new SeverityTally();
      const names = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
      const expected: Record<string, number> = {};
      for (const severity of severities) {
        tally.add(severity);
        const name = names[Math.ceil(severity / 4) - 1] as string;
        expected[name] = (expected[name] ?? 0) + 1;
      }
      expect(tally.snapshot()).toEqual(expected);
    }),
  );
});

test('whatever is no severity counts as INFO, and more than the highest as that', () => {
  const tally = new SeverityTally();
  for (const none of [undefined, null, 0, -1, Number.NaN, '17', 17n, {}]) tally.add(none);
  tally.add(99);
  expect(tally.snapshot()).toEqual({ INFO: 8, FATAL: 1 });
});

test('a snapshot does not change afterwards', () => {
  const tally = new SeverityTally();
  tally.add(17);
  const snapshot = tally.snapshot();
  tally.add(17);
  expect(snapshot).toEqual({ ERROR: 1 });
});
