import { MemoryOutbox } from '@spillway/delivery';
import { expect, test } from 'vitest';
import { openDelivery } from './open-delivery.ts';
import { ERROR, line, LineServer } from './test-backend.ts';
import { answered, pass, stopTime, until } from './test-clock.ts';

test('two exporters of one Delivery keep accounts of their own', async () => {
  const [a, b] = [await LineServer.start(() => 400), await LineServer.start()];
  const first = openDelivery(a);
  const second = openDelivery(b, { delivery: first.delivery });
  await Promise.all([first.export('1', '2'), second.export('3')]);
  await Promise.all([first.destination.forceFlush(), second.destination.forceFlush()]);
  expect(first.destination.stats()).toMatchObject({ received: 2, passed: 0, dropped: { rejected: 2 } });
  expect(second.destination.stats()).toMatchObject({ received: 1, passed: 1, dropped: {} });
});

test('for one address and tenant they share the pause that the backend asks for', async () => {
  const server = await LineServer.start(() => (response) => response.writeHead(429, { 'retry-after': '60' }).end());
  stopTime();
  const first = openDelivery(server);
  const second = openDelivery(server, { delivery: first.delivery });
  await first.export('a');
  await server.received(1);
  await answered(first.delivery);
  await second.export('b');
  expect(first.delivery.stats().requestsInFlight).toBe(0);
  server.answer = () => 204;
  await pass(60_000);
  await until(() => first.destination.stats().passed + second.destination.stats().passed === 2);
});

test('a backend that is down holds up neither another address nor another tenant', async () => {
  const down = await LineServer.start((request) => (request.headers['x-tenant'] === 'bad' ? 503 : 204));
  const up = await LineServer.start();
  const first = openDelivery(down, { recordsPerPayload: 1 });
  const second = openDelivery(up, { delivery: first.delivery });
  await first.export(...Array.from({ length: 10 }, () => line('x', ERROR, 'bad')));
  await until(() => down.requests.length >= 5 && first.delivery.stats().requestsInFlight === 0);
  await first.export(line('good', 9, 'good'));
  await second.export('b');
  await second.destination.forceFlush();
  await until(() => first.destination.stats().passed === 1);
  expect(up.stored).toEqual(['b']);
  expect(first.destination.stats()).toMatchObject({ held: 10 });
});

test('they share the outbox and the requests at once', async () => {
  const server = await LineServer.start(() => () => {});
  const first = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { maxConcurrentRequests: 3 } });
  const second = openDelivery(server, { delivery: first.delivery, recordsPerPayload: 1 });
  await first.export('a', 'b');
  const bytes = first.delivery.stats().outboxBytes;
  await second.export('c', 'd');
  expect(first.delivery.stats()).toEqual({ outboxBytes: bytes * 2, requestsInFlight: 2 });
});

test('an outbox in use is refused to exporters of another Delivery, and free again after a shutdown', async () => {
  const server = await LineServer.start();
  const outbox = new MemoryOutbox();
  const first = openDelivery(server, { deliveryOptions: { outbox } });
  expect(() => openDelivery(server, { deliveryOptions: { outbox } })).toThrow(
    new TypeError('Expected `outbox` to be used by no other Delivery, got `[object Object]` (object).'),
  );
  const beside = openDelivery(server, { delivery: first.delivery });
  await Promise.all([first.export('a'), beside.export('b')]);
  await first.destination.shutdown();
  expect(() => openDelivery(server, { deliveryOptions: { outbox } })).toThrow(/outbox/);
  await beside.destination.shutdown();
  const next = openDelivery(server, { deliveryOptions: { outbox } });
  await next.export('c');
  await next.destination.forceFlush();
  expect(server.stored.toSorted()).toEqual(['a', 'b', 'c']);
});
