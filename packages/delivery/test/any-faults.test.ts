import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryOutbox, type Outbox } from '@spillway/delivery';
import { openDelivery } from './open-delivery.ts';
import { type Answer, line, LineServer } from './test-backend.ts';
import { answered, pass, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

const ANSWERS: Record<string, Answer> = {
  stored: 204,
  down: 503,
  broken: 500,
  tooLarge: 413,
  unauthorized: 401,
  throttled: (response) => response.writeHead(429, { 'retry-after': '3' }).end(),
  reset: (response) => response.socket?.resetAndDestroy(),
  // Stored, but nobody learns of it.
  lostAnswer: (response) => response.socket?.destroy(),
  partly: (response) => response.writeHead(400).end('1'),
};

const OUTBOXES: Record<string, () => Outbox> = {
  memory: () => new MemoryOutbox(),
  slow: () => new SlowOutbox(),
  small: () => new SlowOutbox(3000),
};

const scenario = fc.record({
  answers: fc.array(fc.constantFrom(...Object.keys(ANSWERS)), { maxLength: 40 }),
  exports: fc.array(fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
  outbox: fc.constantFrom(...Object.keys(OUTBOXES)),
  recordsPerPayload: fc.integer({ min: 1, max: 4 }),
});

test('whatever a backend answers, every record is stored or dropped for a reason, and none is delivered that was not stored', async () => {
  stopTime();
  const server = await LineServer.start();
  await fc.assert(
    fc.asyncProperty(scenario, async ({ answers, exports, outbox, recordsPerPayload }) => {
      const script = [...answers];
      server.stored.length = 0;
      server.answer = ({ lines }) => {
        const name = script.shift() ?? 'stored';
        if (name === 'lostAnswer') server.stored.push(...lines);
        if (name === 'partly') server.stored.push(...lines.slice(1));
        return ANSWERS[name] ?? 500;
      };
      const deliveryOptions = { outbox: OUTBOXES[outbox]?.() ?? new MemoryOutbox(), random: () => 0.5 };
      const opened = openDelivery(server, { recordsPerPayload, deliveryOptions });
      let count = 0;
      for (const severities of exports) {
        await opened.export(...severities.map((severity) => line(`line ${(count += 1)}`, severity)));
        await pass(500);
        await answered(opened.delivery);
      }
      for (let i = 0; i < 500 && opened.destination.stats().held > 0; i += 1) {
        await pass(5000);
        await answered(opened.delivery);
        // What is being compressed gets the time it needs, which no stopped clock can give it.
        await until(() => opened.destination.stats().held === 0 || opened.delivery.stats().outboxBytes > 0);
      }
      const { received, passed, droppedTotal, dropped, held } = opened.destination.stats();
      expect([received, held, passed + droppedTotal]).toEqual([count, 0, count]);
      expect(
        Object.keys(dropped).filter((reason) => !['rejected', 'too_large', 'outbox_full'].includes(reason)),
      ).toEqual([]);
      expect(new Set(server.stored).size).toBeGreaterThanOrEqual(passed);
      expect(opened.delivery.stats()).toEqual({ outboxBytes: 0, requestsInFlight: 0 });
      await opened.destination.shutdown();
      server.events.removeAllListeners();
    }),
    { numRuns: 30 },
  );
}, 30_000);
