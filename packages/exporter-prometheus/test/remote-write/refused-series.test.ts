import { describe, expect, it } from 'vitest';

import { captureDiagnostics } from '../pull/diagnostics.ts';
import type { ReceivedWrite } from './receiver-stand-in.ts';
import { pass, useHarness } from './writer-harness.ts';

const INTERVAL_MILLIS = 15_000;
const FIVE_MINUTES = 5 * 60 * 1000;

const harness = useHarness();

function hasCode(code: string): (request: ReceivedWrite) => boolean {
  return ({ series }) => series.some(({ labels }) => labels.some(([name, value]) => name === 'code' && value === code));
}

describe('a series that a receiver does not take', () => {
  it.each([500, 400])(
    'is left out for 5 minutes where it is answered with %i, and its neighbours are not',
    async (status) => {
      const messages = captureDiagnostics();
      const codes = Array.from({ length: 200 }, (_, index) => `c${index}`);
      const isPoisoned = hasCode('c77');
      harness.server.answer = (request) => (isPoisoned(request) ? status : undefined);
      const started = harness.start();
      for (let value = 1; value <= 12; value += 1) {
        harness.counts = Object.fromEntries(codes.map((code) => [code, value]));
        await pass(started, INTERVAL_MILLIS);
      }
      expect(Object.keys(harness.server.lastValues('code'))).toHaveLength(199);
      for (const code of codes.filter((one) => one !== 'c77')) expect(harness.stored(code).at(-1)).toBe(12);
      expect(messages.join('\n')).toContain('The receiver does not take a series of `errors`, which is left out');
      // Found once, in the first pushes; what comes later is one request each.
      expect(harness.server.requests.slice(-6).every(({ series }) => series.length === 199)).toBe(true);
      harness.server.answer = () => undefined;
      await pass(started, FIVE_MINUTES);
      expect(harness.stored('c77').at(-1)).toBe(12);
      // It does not begin again with 0, which would look like a restart.
      expect(harness.stored('c77')).not.toContain(0);
    },
  );

  it('does not ask the receiver about each of them where it takes none', async () => {
    harness.counts = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`c${index}`, 1]));
    harness.server.answer = () => 400;
    const { writer } = harness.start();
    await writer.forceFlush();
    expect(harness.server.requests.length).toBeLessThan(150);
    expect(writer.stats()).toMatchObject({ received: 4000, held: 0, dropped: { rejected: 4000 } });
  });
});
