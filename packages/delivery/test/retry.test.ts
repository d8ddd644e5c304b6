import type { ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { type Answer, ERROR, line, LineServer } from './test-backend.ts';
import { answered, nextTurn, pass, passToRequest, stopTime, until } from './test-clock.ts';

const half = (): number => 0.5;

function retryAfter(value: string | string[], status = 429): Answer {
  return (response) => response.setHeader('retry-after', value).writeHead(status).end();
}

const reset: Answer = (response) => response.socket?.resetAndDestroy();

describe('what is sent again', () => {
  test.each(['gzip', 'none'] as const)('is the identical bytes (%s)', async (compression) => {
    const server = await LineServer.start((_request, index) => [500, 503, 429, 502][index] ?? 204);
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { compression, random: half } });
    await opened.export(...Array.from({ length: 50 }, () => randomBytes(30).toString('hex')));
    for (let count = 1; count <= 5; count += 1) {
      await server.received(count);
      await answered(opened.delivery);
      await passToRequest(opened.delivery);
    }
    await until(() => opened.destination.stats().passed === 50);
    expect(new Set(server.requests.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
    expect(server.requests[0]?.headers['content-encoding']).toBe(compression === 'gzip' ? 'gzip' : undefined);
    expect(opened.destination.stats()).toMatchObject({ requestsSucceeded: 1, requestsFailed: 4, held: 0 });
  });

  test('is what a connection lost before its answer came', async () => {
    const server = await LineServer.start((_request, index) => (index === 0 ? reset : 204));
    const opened = openDelivery(server, { deliveryOptions: { backoff: noBackoff } });
    await opened.export('a');
    await opened.destination.forceFlush();
    expect([server.requests.length, server.stored, opened.destination.stats().passed]).toEqual([2, ['a'], 1]);
  });

  test.each([200, 204])(
    'is nothing whose status %i was read, even where the connection breaks after it',
    async (status) => {
      const broken: Answer = (response) => {
        const head = `HTTP/1.1 ${status} OK\r\n${status === 200 ? 'content-length: 1000\r\n' : ''}\r\n`;
        response.socket?.write(`${head}begin`, () => response.socket?.destroy());
      };
      const server = await LineServer.start(() => broken);
      const opened = openDelivery(server, { deliveryOptions: { backoff: noBackoff } });
      await opened.export('a', 'b');
      await opened.destination.forceFlush();
      await nextTurn();
      expect([server.requests.length, opened.destination.stats().passed]).toEqual([1, 2]);
      expect(opened.destination.stats()).toMatchObject({ held: 0, droppedTotal: 0, requestsFailed: 0 });
    },
  );

  test('is what a server answers too slowly: a byte every 200 ms does not outlive the timeout', async () => {
    const dripping: ServerResponse[] = [];
    const slow: Answer = (response) => void dripping.push(response.writeHead(500));
    const server = await LineServer.start((_request, index) => (index === 0 ? slow : 204));
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { random: half } });
    await opened.export('a');
    await server.received(1);
    for (let millis = 0; millis < 9800; millis += 200) {
      dripping[0]?.write('.');
      await nextTurn();
      await pass(200);
    }
    expect(opened.delivery.stats().requestsInFlight).toBe(1);
    await pass(200);
    await answered(opened.delivery);
    expect(opened.destination.stats()).toMatchObject({ held: 1, requestsFailed: 1 });
    await pass(500);
    await until(() => opened.destination.stats().passed === 1);
  });
});

test('a backend that fails every other time gets everything, each payload once', async () => {
  const server = await LineServer.start((_request, index) => (index % 2 === 0 ? 500 : 204));
  const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { backoff: noBackoff } });
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  await opened.export(...lines);
  await opened.destination.forceFlush();
  expect(server.stored.toSorted()).toEqual(lines.toSorted());
  expect(opened.destination.stats()).toMatchObject({ passed: 40, droppedTotal: 0, held: 0 });
});

describe('Retry-After', () => {
  test('holds all senders of the gate: one request per window', async () => {
    const server = await LineServer.start(() => retryAfter('10'));
    stopTime();
    const opened = openDelivery(server, {
      recordsPerPayload: 1,
      deliveryOptions: { random: half, maxConcurrentRequests: 5 },
    });
    await opened.export('first');
    await server.received(1);
    await answered(opened.delivery);
    await opened.export('b', 'c', 'd', line('urgent', ERROR));
    for (let window = 2; window <= 6; window += 1) {
      await pass(9999);
      expect([opened.delivery.stats().requestsInFlight, server.requests.length]).toEqual([0, window - 1]);
      await pass(1);
      await server.received(window);
      await answered(opened.delivery);
    }
    server.answer = () => 204;
    await passToRequest(opened.delivery);
    await until(() => opened.destination.stats().passed === 5);
  });

  test.each<[string, string | string[]]>([
    ['zero', '0'],
    ['a negative number', '-1'],
    ['a fraction', '1.5'],
    ['garbage', 'garbage'],
    ['nothing', ''],
    ['a past date', 'Fri, 20 Nov 2026 00:00:00 GMT'],
    ['an ISO date', '2026-11-22T00:00:00Z'],
    ['two headers', ['2', '3']],
  ])('that is %s never means at once', async (_name, header) => {
    const server = await LineServer.start((_request, index) => (index === 0 ? retryAfter(header, 503) : 204));
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { random: half } });
    await opened.export('a');
    await server.received(1);
    await answered(opened.delivery);
    await pass(499);
    expect(opened.delivery.stats().requestsInFlight).toBe(0);
    await pass(1);
    await until(() => opened.destination.stats().passed === 1);
  });

  test('of any length waits five minutes at most', async () => {
    const server = await LineServer.start((_request, index) => (index === 0 ? retryAfter('99999999999') : 204));
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    await server.received(1);
    await answered(opened.delivery);
    await pass(299_999);
    expect(opened.delivery.stats().requestsInFlight).toBe(0);
    await pass(1);
    await until(() => opened.destination.stats().passed === 1);
  });
});
