import { expect, test } from 'vitest';
import { openDelivery } from './open-delivery.ts';
import { LineServer } from './test-backend.ts';
import { answered, pass, passToRequest, stopTime, until } from './test-clock.ts';

const half = (): number => 0.5;

test('the breaker opens after five failures, then probes with the oldest payload, one at a time, until it is answered', async () => {
  const server = await LineServer.start(() => 503);
  stopTime();
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { random: half } });
  const lines = Array.from({ length: 20 }, (_, index) => `line ${String(index).padStart(2, '0')}`);
  await opened.export(...lines);
  // Four at once; the reserved slot stays free for what is urgent. The fifth failure opens the breaker.
  await until(() => server.requests.length >= 5 && opened.delivery.stats().requestsInFlight === 0);
  const inFirstRound = server.requests.length;
  expect(inFirstRound).toBeLessThanOrEqual(8);
  let probes = 0;
  for (const period of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    await pass(period - 1);
    expect(opened.delivery.stats().requestsInFlight).toBe(0);
    await pass(1);
    expect(opened.delivery.stats().requestsInFlight).toBe(1);
    probes += 1;
    await server.received(inFirstRound + probes);
    await answered(opened.delivery);
  }
  const probed = server.requests.slice(inFirstRound).map((request) => request.lines[0]);
  // After three answers the payload itself might be the reason.
  expect(probed).toEqual([0, 0, 0, 1, 1, 1, 2, 2].map((index) => lines[index]));
  server.answer = () => 204;
  await pass(60_000);
  await until(() => opened.destination.stats().passed === 20);
  expect(server.stored.toSorted()).toEqual(lines);
});

test('an outage leaves the order as it was: afterwards the oldest goes first', async () => {
  const server = await LineServer.start(() => 503);
  stopTime();
  const deliveryOptions = { random: half, maxConcurrentRequests: 1 };
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
  const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`);
  await opened.export(...lines);
  for (let i = 0; i < 12; i += 1) {
    await answered(opened.delivery);
    await passToRequest(opened.delivery);
  }
  server.answer = () => 204;
  await answered(opened.delivery);
  await passToRequest(opened.delivery);
  await until(() => opened.destination.stats().passed === 10);
  const probe = server.stored[0] ?? '';
  expect(server.stored).toEqual([probe, ...lines.filter((text) => text !== probe)]);
});

test('after an outage the load comes back step by step', async () => {
  const waiting: (() => void)[] = [];
  const server = await LineServer.start(() => 503);
  stopTime();
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { random: half } });
  await opened.export(...Array.from({ length: 16 }, (_, index) => `line ${index}`));
  await until(() => server.requests.length >= 5 && opened.delivery.stats().requestsInFlight === 0);
  server.answer = () => (response) => {
    waiting.push(() => response.writeHead(204).end());
  };
  await pass(1000);
  const atOnce: number[] = [];
  for (let passed = 0; passed < 16;) {
    const inFlight = opened.delivery.stats().requestsInFlight;
    atOnce.push(inFlight);
    await until(() => waiting.length === inFlight);
    passed += inFlight;
    for (const answer of waiting.splice(0)) answer();
    await until(() => opened.destination.stats().passed === passed);
  }
  // The fifth slot is kept for what is urgent.
  expect(atOnce).toEqual([1, 1, 2, 4, 4, 4]);
});
