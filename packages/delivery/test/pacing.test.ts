import { expect, test } from 'vitest';
import { openDelivery } from './open-delivery.ts';
import { ERROR, line, LineServer } from './test-backend.ts';
import { answered, pass, stopTime, until } from './test-clock.ts';

test('no more requests are under way than allowed, and one slot is kept for what is urgent', async () => {
  const server = await LineServer.start(() => () => {});
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { maxConcurrentRequests: 3 } });
  await opened.export('a', 'b', 'c', 'd');
  expect(opened.delivery.stats().requestsInFlight).toBe(2);
  await opened.export(line('urgent', ERROR), line('next', ERROR));
  expect(opened.delivery.stats().requestsInFlight).toBe(3);
  await server.received(3);
  expect(new Set(server.requests.map((request) => request.lines[0]))).toEqual(new Set(['a', 'b', 'urgent']));
});

test('a single slot is for everything', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { maxConcurrentRequests: 1 } });
  await opened.export('a', 'b', line('urgent', ERROR));
  await opened.destination.forceFlush();
  expect(server.stored).toEqual(['a', 'urgent', 'b']);
});

test('what is urgent does not overtake while the oldest record is more than 50 minutes old', async () => {
  const server = await LineServer.start();
  const options = { maxConcurrentRequests: 1, epochNow: () => Date.now() + 51 * 60 * 1000 };
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: options });
  await opened.export('old', line('urgent', ERROR));
  await opened.destination.forceFlush();
  expect(server.stored).toEqual(['old', 'urgent']);
});

test('no more bytes are sent per second than allowed', async () => {
  const server = await LineServer.start();
  stopTime();
  const deliveryOptions = { maxBytesPerSecond: 1024, compression: 'none' as const };
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
  await opened.export(...Array.from({ length: 6 }, () => 'x'.repeat(1023)));
  for (let second = 1; second <= 6; second += 1) {
    await server.received(second);
    await answered(opened.delivery);
    await pass(999);
    expect(opened.delivery.stats().requestsInFlight).toBe(0);
    expect(server.requests).toHaveLength(second);
    await pass(1);
  }
  expect(opened.destination.stats()).toMatchObject({ passed: 6, held: 0 });
});

test('a payload larger than what may be sent in a second is sent, and paid for afterwards', async () => {
  const server = await LineServer.start();
  stopTime();
  const deliveryOptions = { maxBytesPerSecond: 1024, compression: 'none' as const };
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
  await opened.export('x'.repeat(4 * 1024 - 1), 'small');
  await server.received(1);
  await answered(opened.delivery);
  await pass(3000);
  expect(server.requests).toHaveLength(1);
  await pass(1000);
  await until(() => opened.destination.stats().passed === 2);
});

test('repeated 429 halves what the encoder is asked for, per tenant, until deliveries bring it back', async () => {
  const server = await LineServer.start(() => 429);
  stopTime();
  const asked: number[] = [];
  const opened = openDelivery(server, {
    deliveryOptions: { random: () => 0.5 },
    destinationOptions: {
      encode: (_records, context) => {
        asked.push(context.sizeRatio('busy'), context.sizeRatio('other'));
        expect(context.nowMillis).toBe(Date.now());
        return { payloads: [], drops: [] };
      },
    },
  });
  await opened.export();
  const busy = openDelivery(server, { delivery: opened.delivery });
  await busy.export(line('a', 9, 'busy'));
  for (let count = 1; count <= 3; count += 1) {
    await server.received(count);
    await answered(opened.delivery);
    if (count < 3) await pass(2000);
  }
  await opened.export();
  server.answer = () => 204;
  await pass(10_000);
  for (let i = 0; i < 8; i += 1) {
    await busy.export(line(`more ${i}`, 9, 'busy'));
    await busy.destination.forceFlush();
  }
  await opened.export();
  expect(asked).toEqual([1, 1, 1 / 4, 1, 1 / 2, 1]);
});
