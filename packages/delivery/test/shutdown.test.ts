import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { LineServer } from './test-backend.ts';
import { answered, nextTurn, pass, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

describe('shutdown', () => {
  test('delivers what is left, and answers the same each time', async () => {
    const server = await LineServer.start();
    const opened = openDelivery(server, { recordsPerPayload: 1 });
    void opened.export('a', 'b');
    const first = opened.destination.shutdown();
    expect(opened.destination.shutdown()).toBe(first);
    await first;
    expect(opened.destination.shutdown()).toBe(first);
    expect(server.stored.toSorted()).toEqual(['a', 'b']);
    expect(opened.destination.stats()).toMatchObject({ passed: 2, held: 0 });
  });

  test('with a server that hangs ends within its budget, and drops the rest', async () => {
    const server = await LineServer.start(() => () => {});
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1 });
    await opened.export('a', 'b', 'c', 'd', 'e', 'f');
    await server.received(1);
    let isDone = false;
    const shutdown = opened.destination.shutdown().then(() => (isDone = true));
    await nextTurn();
    await pass(4999);
    expect(isDone).toBe(false);
    await pass(1);
    await shutdown;
    expect(opened.destination.stats()).toMatchObject({ dropped: { shutdown: 6 }, held: 0 });
    expect(opened.delivery.stats().outboxBytes).toBe(0);
    await answered(opened.delivery);
    // The fetch of Node 22 keeps timers for connections that it has closed; they end by themselves.
    await vi.runOnlyPendingTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('during a flush waits for it', async () => {
    const server = await LineServer.start(() => () => {});
    const opened = openDelivery(server, { deliveryOptions: { backoff: noBackoff } });
    await opened.export('a');
    await server.received(1);
    const order: string[] = [];
    const flush = opened.destination.forceFlush().then(() => order.push('flush'));
    const shutdown = opened.destination.shutdown().then(() => order.push('shutdown'));
    server.answer = () => 204;
    server.dropConnections();
    await Promise.all([flush, shutdown]);
    expect(order).toEqual(['flush', 'shutdown']);
    expect(opened.destination.stats().passed).toBe(1);
  });

  test('ends a flush that has more time than it has', async () => {
    const server = await LineServer.start(() => () => {});
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    await server.received(1);
    const flush = opened.destination.forceFlush({ timeoutMillis: 60_000 });
    const shutdown = opened.destination.shutdown({ timeoutMillis: 1000 });
    await nextTurn();
    await pass(1000);
    await Promise.all([flush, shutdown]);
    expect(opened.destination.stats()).toMatchObject({ dropped: { shutdown: 1 } });
  });

  test('does not wait for an outbox that never closes', async () => {
    const outbox = Object.assign(new SlowOutbox(), { close: () => new Promise(() => {}) });
    const server = await LineServer.start();
    const opened = openDelivery(server, { deliveryOptions: { outbox } });
    await opened.export('a');
    await opened.destination.forceFlush();
    await opened.destination.shutdown({ timeoutMillis: 10 });
    expect(opened.destination.stats()).toMatchObject({ passed: 1, held: 0 });
  });

  test('does not wait for an outbox that never takes a payload', async () => {
    const outbox = Object.assign(new SlowOutbox(), { put: () => new Promise(() => {}) });
    const opened = openDelivery(await LineServer.start(), { deliveryOptions: { outbox } });
    void opened.export('a');
    await opened.destination.shutdown({ timeoutMillis: 10 });
    expect(opened.destination.stats()).toMatchObject({ received: 0, held: 0 });
  });

  test('answers FAILED for what the outbox had not taken in whole, and leaves nothing in it', async () => {
    const outbox = new SlowOutbox();
    const put = outbox.put.bind(outbox);
    let last: (() => void) | undefined;
    outbox.put = async (id, payload) => {
      if (id === 3) await new Promise<void>((resolve) => (last = resolve));
      await put(id, payload);
    };
    const server = await LineServer.start();
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions: { outbox } });
    const result = opened.export('a', 'b', 'c');
    await until(() => outbox.payloads.size === 2 && last !== undefined);
    await opened.destination.shutdown({ timeoutMillis: 0 });
    last?.();
    expect(await result).toBe(1);
    expect(opened.destination.stats()).toMatchObject({ received: 0, held: 0 });
    await until(() => outbox.payloads.size === 0 && opened.delivery.stats().outboxBytes === 0);
  });

  test('lets an export afterwards fail, and a flush end at once', async () => {
    const server = await LineServer.start();
    const opened = openDelivery(server);
    await opened.destination.shutdown();
    expect(await opened.export('a')).toBe(1);
    stopTime();
    await opened.destination.forceFlush();
    opened.destination.setUrl('http://127.0.0.1:1/');
    opened.destination.flushSync(10);
    expect([server.requests.length, vi.getTimerCount()]).toEqual([0, 0]);
    expect(opened.destination.stats()).toMatchObject({ received: 0, held: 0 });
  });

  test('of a shared Delivery ends with the last exporter', async () => {
    const server = await LineServer.start();
    const first = openDelivery(server);
    const second = openDelivery(server, { delivery: first.delivery });
    await first.destination.shutdown();
    expect(await first.export('no')).toBe(1);
    expect(await second.export('yes')).toBe(0);
    await second.destination.shutdown();
    expect(server.stored).toEqual(['yes']);
  });

  test('drops only its own, while the other exporter goes on', async () => {
    const answers: (() => void)[] = [];
    const hung = await LineServer.start(() => (response) => void answers.push(() => response.writeHead(204).end()));
    const server = await LineServer.start();
    const first = openDelivery(hung);
    const second = openDelivery(server, { delivery: first.delivery });
    await first.export('a');
    await hung.received(1);
    const flush = first.destination.forceFlush({ timeoutMillis: 60_000 });
    await nextTurn();
    await first.destination.shutdown({ timeoutMillis: 0 });
    await flush;
    expect(first.drops).toEqual([{ count: 1, reason: 'shutdown' }]);
    await second.export('b');
    await second.destination.forceFlush();
    expect([server.stored, second.drops]).toEqual([['b'], []]);
    // What was given up is not counted again when its answer comes after all.
    answers[0]?.();
    await answered(first.delivery);
    expect(first.destination.stats()).toMatchObject({ passed: 0, dropped: { shutdown: 1 }, held: 0 });
  });

  test('leaves no halves of a payload that is being cut', async () => {
    const outbox = new SlowOutbox();
    const server = await LineServer.start(() => 413);
    const opened = openDelivery(server, { deliveryOptions: { outbox } });
    openDelivery(undefined, { delivery: opened.delivery });
    await opened.export('a', 'b');
    const put = outbox.put.bind(outbox);
    const halves: (() => void)[] = [];
    outbox.put = async (id, payload) => {
      await new Promise<void>((resolve) => halves.push(resolve));
      await put(id, payload);
    };
    await until(() => halves.length === 2);
    await opened.destination.shutdown({ timeoutMillis: 0 });
    for (const store of halves) store();
    await answered(opened.delivery);
    expect(opened.destination.stats()).toMatchObject({ received: 2, dropped: { shutdown: 2 }, held: 0 });
    await until(() => outbox.payloads.size === 0 && opened.delivery.stats().outboxBytes === 0);
  });
});

test.each(['shutdown', 'held'])(
  'nothing keeps the process alive (%s)',
  async (how) => {
    const server = await LineServer.start(() => 503);
    const file = fileURLToPath(new URL('process-end.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=dev', file, server.url, how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    const output: string[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(output.join('')).toBe(how === 'shutdown' ? 'held 0' : 'held 1');
  },
  20_000,
);
