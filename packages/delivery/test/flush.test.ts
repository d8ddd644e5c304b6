import { describe, expect, test, vi } from 'vitest';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { LineServer } from './test-backend.ts';
import { answered, nextTurn, pass, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

const half = (): number => 0.5;

describe('a flush', () => {
  test('resolves when all that was exported before is stored by the backend', async () => {
    const server = await LineServer.start();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { outbox: new SlowOutbox() } });
    void opened.export(...Array.from({ length: 20 }, (_, index) => `line ${index}`));
    await opened.destination.forceFlush();
    expect(server.stored).toHaveLength(20);
    expect(opened.destination.stats()).toMatchObject({ passed: 20, held: 0 });
  });

  test('does not wait for what is exported after it', async () => {
    const server = await LineServer.start((request) => (request.lines[0] === 'before' ? 204 : () => {}));
    const opened = openDelivery(server);
    void opened.export('before');
    const flush = opened.destination.forceFlush();
    await opened.export('after');
    await flush;
    expect(opened.destination.stats()).toMatchObject({ passed: 1, held: 1 });
  });

  test('makes attempts that wait for their turn at once', async () => {
    const server = await LineServer.start((_request, index) => (index === 0 ? 503 : 204));
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { random: half } });
    await opened.export('a');
    await server.received(1);
    await answered(opened.delivery);
    await opened.destination.forceFlush();
    expect(opened.destination.stats().passed).toBe(1);
  });

  test('ends at its deadline, and what it waited for stays held', async () => {
    const server = await LineServer.start(() => () => {});
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    let isDone = false;
    const flush = opened.destination.forceFlush({ timeoutMillis: 3000 }).then(() => (isDone = true));
    await nextTurn();
    await pass(2999);
    expect(isDone).toBe(false);
    await pass(1);
    await flush;
    expect(opened.destination.stats().held).toBe(1);
  });

  test.each([Infinity, 2 ** 31, 1e300])(
    'with a deadline of %d ms waits, and does not end at once',
    async (timeoutMillis) => {
      const server = await LineServer.start(() => () => {});
      const warn = vi.spyOn(process, 'emitWarning');
      const opened = openDelivery(server, { deliveryOptions: { backoff: noBackoff } });
      await opened.export('a');
      await server.received(1);
      const flush = opened.destination.forceFlush({ timeoutMillis });
      server.answer = () => 204;
      server.dropConnections();
      await flush;
      expect(opened.destination.stats().passed).toBe(1);
      expect(warn).not.toHaveBeenCalled();
    },
  );

  test('with a deadline of 0 ms ends', async () => {
    const server = await LineServer.start(() => () => {});
    const opened = openDelivery(server);
    await opened.export('a');
    await expect(opened.destination.forceFlush({ timeoutMillis: 0 })).resolves.toBeUndefined();
  });

  test('has no timer left when it is done', async () => {
    const server = await LineServer.start();
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    await opened.destination.forceFlush();
    await answered(opened.delivery);
    // The body of an empty answer has been read by now: nothing waits for anything.
    await until(() => vi.getTimerCount() === 0);
    expect(opened.destination.stats().held).toBe(0);
  });
});

describe('with an open circuit breaker', () => {
  test('a flush sends exactly one probe, then resolves with the rest held', async () => {
    const server = await LineServer.start(() => 503);
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { random: half } });
    await opened.export(...Array.from({ length: 10 }, (_, index) => `line ${index}`));
    await until(() => server.requests.length >= 5 && opened.delivery.stats().requestsInFlight === 0);
    for (let flushes = 0; flushes < 3; flushes += 1) {
      const before = server.requests.length;
      await opened.destination.forceFlush();
      expect(server.requests).toHaveLength(before + 1);
      expect(server.requests.at(-1)?.lines).toEqual(['line 0']);
    }
    expect(opened.destination.stats().held).toBe(10);
    server.answer = () => 204;
    await opened.destination.forceFlush();
    expect(opened.destination.stats()).toMatchObject({ passed: 10, held: 0 });
  });

  test('a hundred flushes at once send one probe together', async () => {
    const server = await LineServer.start(() => 503);
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { random: half } });
    await opened.export(...Array.from({ length: 10 }, (_, index) => `line ${index}`));
    await until(() => server.requests.length >= 5 && opened.delivery.stats().requestsInFlight === 0);
    const before = server.requests.length;
    await Promise.all(Array.from({ length: 100 }, () => opened.destination.forceFlush()));
    expect(server.requests).toHaveLength(before + 1);
  });

  test('a flush waits for a pause that the backend asked for, if that ends in time', async () => {
    const server = await LineServer.start(() => (response) => response.writeHead(429, { 'retry-after': '10' }).end());
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    await server.received(1);
    await answered(opened.delivery);
    await opened.destination.forceFlush({ timeoutMillis: 9000 });
    expect(server.requests).toHaveLength(1);
    server.answer = () => 204;
    const flush = opened.destination.forceFlush({ timeoutMillis: 11_000 });
    await nextTurn();
    await pass(10_000);
    await flush;
    expect(opened.destination.stats().passed).toBe(1);
  });
});

test('each of a hundred flushes resolves only when what was exported before it is settled', async () => {
  const server = await LineServer.start((_request, index) => (index % 3 === 0 ? 503 : 204));
  const opened = openDelivery(server, { deliveryOptions: { backoff: noBackoff } });
  const flushes = Array.from({ length: 100 }, async (_, index) => {
    void opened.export(`line ${index}`);
    await opened.destination.forceFlush();
    return server.stored.includes(`line ${index}`);
  });
  expect(await Promise.all(flushes)).toEqual(flushes.map(() => true));
  expect(opened.destination.stats()).toMatchObject({ passed: 100, held: 0 });
});

test('flushSync hands the deadline to the outbox, and survives one that throws', async () => {
  const outbox = Object.assign(new SlowOutbox(), { flushSync: vi.fn<(deadlineMillis: number) => void>() });
  const server = await LineServer.start();
  const opened = openDelivery(server, { deliveryOptions: { outbox } });
  void opened.export('a');
  opened.destination.flushSync(500);
  expect(outbox.flushSync).toHaveBeenCalledExactlyOnceWith(expect.closeTo(500, -2));
  outbox.flushSync.mockImplementation(() => {
    throw new Error('disk full');
  });
  expect(() => opened.destination.flushSync(500)).not.toThrow();
  await opened.destination.forceFlush();
  expect(server.stored).toEqual(['a']);
});
