import { describe, expect, test } from 'vitest';
import type { Backend } from '@spillway/delivery';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { INFO, line, lineBackend, LineServer } from './test-backend.ts';
import { answered, pass, passToRequest, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

const deliveryOptions = { backoff: noBackoff };
const half = (): number => 0.5;

function lines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index}`);
}

describe('a request that is too large', () => {
  test('is cut in two until it fits, in order, each line once', async () => {
    const server = await LineServer.start((request) => (request.lines.length > 3 ? 413 : 204));
    const opened = openDelivery(server, { deliveryOptions: { maxConcurrentRequests: 1 } });
    await opened.export(...lines(10));
    await opened.destination.forceFlush();
    expect(server.requests.map((request) => request.lines.length)).toEqual([10, 5, 2, 3, 5, 2, 3]);
    expect(server.stored).toEqual(lines(10));
    expect(opened.destination.stats()).toMatchObject({ passed: 10, droppedTotal: 0, held: 0 });
  });

  test('is cut down to the one record that is too large by itself', async () => {
    const server = await LineServer.start((request) => (request.lines.includes('line 5') ? 413 : 204));
    const opened = openDelivery(server);
    await opened.export(...lines(8));
    await opened.destination.forceFlush();
    expect(server.stored.toSorted()).toEqual(lines(8).filter((text) => text !== 'line 5'));
    expect(opened.destination.stats()).toMatchObject({ passed: 7, dropped: { too_large: 1 }, held: 0 });
    expect(opened.drops).toEqual([
      { count: 1, reason: 'too_large', error: expect.objectContaining({ name: 'LineError' }) },
    ]);
    expect(opened.delivery.stats().outboxBytes).toBe(0);
  });

  test('is dropped as a whole where it cannot be cut, and its neighbours are not', async () => {
    const parts: Record<string, Backend['split']> = {
      'is the same again': (payload) => [payload],
      'is nothing': () => [],
      'has lost a record': (payload) => lineBackend.split(payload).slice(0, 1),
      'is an error': () => {
        throw new Error('boom');
      },
    };
    for (const split of Object.values(parts)) {
      const server = await LineServer.start((request) => (request.lines.includes('line 0') ? 413 : 204));
      const backend = { ...lineBackend, split };
      const opened = openDelivery(server, { recordsPerPayload: 2, destinationOptions: { backend } });
      await opened.export(...lines(4));
      await opened.destination.forceFlush();
      expect(opened.destination.stats()).toMatchObject({ passed: 2, dropped: { too_large: 2 }, held: 0 });
      expect(opened.drops[0]?.error?.name).toBe('SplitError');
    }
  });

  test('leaves no half behind where the outbox takes none', async () => {
    const outbox = new SlowOutbox();
    const server = await LineServer.start((request) => {
      outbox.put = () => Promise.reject(new Error('disk full'));
      return request.lines.length > 1 ? 413 : 204;
    });
    const opened = openDelivery(server, { deliveryOptions: { outbox } });
    await opened.export(...lines(4));
    await opened.destination.forceFlush();
    expect(opened.destination.stats()).toMatchObject({ dropped: { outbox_full: 4 }, held: 0 });
    expect(opened.delivery.stats().outboxBytes).toBe(0);
  });
});

test('single records that a backend rejects are counted, and the others are delivered', async () => {
  const server = await LineServer.start(() => (response) => response.writeHead(400).end('3'));
  const opened = openDelivery(server);
  await opened.export(...lines(10));
  await opened.destination.forceFlush();
  expect(server.requests).toHaveLength(1);
  expect(opened.destination.stats()).toMatchObject({ passed: 7, dropped: { rejected: 3 }, held: 0 });
});

test.each([
  ['more than there were', '99', { passed: 0, dropped: { rejected: 10 } }],
  ['less than none', '-5', { passed: 10, dropped: {} }],
  ['no number', 'none', { passed: 0, dropped: { rejected: 10 } }],
])('a count of rejected records that is %s does not break the account', async (_name, body, expected) => {
  const server = await LineServer.start(() => (response) => response.writeHead(400).end(body));
  const opened = openDelivery(server);
  await opened.export(...lines(10));
  await opened.destination.forceFlush();
  expect(opened.destination.stats()).toMatchObject({ ...expected, held: 0 });
});

describe('a record that always gets a 500', () => {
  test('is isolated and given up, while its neighbours are delivered', async () => {
    const server = await LineServer.start((request) => (request.lines.includes('line 5') ? 500 : 204));
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 4, deliveryOptions: { random: half } });
    await opened.export(...lines(8));
    // Others go on being delivered meanwhile: that is how one tells it from a backend that fails.
    for (let i = 0; i < 1000 && opened.destination.stats().held > 0; i += 1) {
      await opened.export(`more ${i}`);
      await pass(5000);
      await answered(opened.delivery);
    }
    expect(opened.drops).toMatchObject([{ count: 1, reason: 'retry_exhausted', error: { name: 'LineError' } }]);
    expect(server.stored).toEqual(expect.arrayContaining(lines(8).filter((text) => text !== 'line 5')));
    const attempts = server.requests.filter((request) => request.lines.includes('line 5'));
    expect(attempts.length).toBeGreaterThan(50);
    expect(attempts.at(-1)?.lines).toEqual(['line 5']);
  });

  test('does not keep the breaker open as its probe', async () => {
    const server = await LineServer.start((request) => (request.lines.includes('poison') ? 500 : 204));
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { random: half } });
    await opened.export('poison');
    for (let failures = 1; failures < 5; failures += 1) {
      await answered(opened.delivery);
      await passToRequest(opened.delivery);
    }
    await answered(opened.delivery);
    await opened.export('a', 'b');
    expect([server.requests.length, opened.delivery.stats().requestsInFlight]).toEqual([5, 0]);
    for (const period of [1000, 2000, 4000, 8000]) {
      await pass(period);
      await answered(opened.delivery);
    }
    await until(() => opened.destination.stats().passed === 2);
    expect(server.requests.slice(5).map((request) => request.lines[0])).toEqual([
      'poison',
      'poison',
      'poison',
      'a',
      'b',
    ]);
  });

  test('is kept where the backend answers everything so', async () => {
    const server = await LineServer.start(() => 500);
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
    await opened.export(...lines(3));
    for (let i = 0; i < 100; i += 1) {
      await pass(60_000);
      await answered(opened.delivery);
    }
    expect(opened.destination.stats()).toMatchObject({ held: 3, droppedTotal: 0 });
    expect(server.requests.length).toBeGreaterThan(100);
  });
});

describe('giving up', () => {
  test('after the attempts allowed a payload is dropped as retry_exhausted', async () => {
    const server = await LineServer.start(() => 503);
    const opened = openDelivery(server, { deliveryOptions: { ...deliveryOptions, maxAttempts: 3 } });
    await opened.export('a', 'b');
    await opened.destination.forceFlush();
    expect(server.requests).toHaveLength(3);
    expect(opened.destination.stats()).toMatchObject({ dropped: { retry_exhausted: 2 }, held: 0 });
  });

  test('after the age allowed a payload is dropped as expired', async () => {
    const server = await LineServer.start(() => 503);
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { random: half, maxAgeMillis: 60_000 } });
    await opened.export(line('a', INFO));
    for (let i = 0; i < 600 && opened.destination.stats().held > 0; i += 1) {
      await pass(1000);
      await answered(opened.delivery);
    }
    expect(opened.destination.stats()).toMatchObject({ dropped: { expired: 1 }, held: 0 });
    expect(opened.drops[0]?.error?.name).toBe('LineError');
  });

  test('a large request that only ever gets 429 is cut in two', async () => {
    const server = await LineServer.start((request) => (request.lines.length > 1 ? 429 : 204));
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { random: half } });
    await opened.export('x'.repeat(50_000), 'y'.repeat(50_000));
    for (let i = 0; i < 20 && opened.destination.stats().held > 0; i += 1) {
      await pass(1000);
      await answered(opened.delivery);
    }
    expect(server.requests.map((request) => request.lines.length)).toEqual([2, 2, 2, 1, 1]);
    expect(opened.destination.stats()).toMatchObject({ passed: 2, droppedTotal: 0 });
  });
});
