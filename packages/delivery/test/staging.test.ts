import { describe, expect, test } from 'vitest';
import { type EncodedPayload, MemoryOutbox } from '@spillway/delivery';
import { openDelivery } from './open-delivery.ts';
import { encodeLines, line, LineServer } from './test-backend.ts';
import { nextTurn, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

test('with an outbox in memory an export is answered in the same turn, and what it gave counts as held', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, { deliveryOptions: { outbox: new MemoryOutbox() } });
  let code: number | undefined;
  opened.destination.export([line('a'), line('b')], (result) => (code = result.code));
  await Promise.resolve();
  await Promise.resolve();
  expect(code).toBe(0);
  expect(opened.destination.stats()).toMatchObject({ received: 2, held: 2 });
  expect(opened.delivery.stats().outboxBytes).toBe(0);
  await opened.destination.forceFlush();
  expect(opened.destination.stats()).toMatchObject({ passed: 2, held: 0 });
});

test('with an outbox that writes ahead it is answered when the outbox has everything', async () => {
  const outbox = new SlowOutbox();
  const opened = openDelivery(await LineServer.start(() => 503), { recordsPerPayload: 1, deliveryOptions: { outbox } });
  const answered = opened.export('a', 'b', 'c');
  await Promise.resolve();
  expect(opened.destination.stats().received).toBe(0);
  await answered;
  expect(outbox.payloads.size).toBe(3);
  expect(opened.destination.stats()).toMatchObject({ received: 3, held: 3 });
});

test('while more than 8 MiB is on its way, answers wait', async () => {
  const outbox = new MemoryOutbox();
  const waiting: (() => void)[] = [];
  outbox.put = () => new Promise<void>((resolve) => waiting.push(resolve)) as unknown as void;
  const opened = openDelivery(await LineServer.start(), { deliveryOptions: { outbox, compression: 'none' } });
  const megabyte = 'x'.repeat(1024 * 1024);
  let count = 0;
  for (; count < 20; count += 1) {
    let isAnswered = false;
    void opened.export(megabyte).then(() => (isAnswered = true));
    await nextTurn();
    if (!isAnswered) break;
  }
  expect(count).toBe(7);
  for (const resolve of waiting.splice(0)) resolve();
  await until(() => opened.destination.stats().received === 8);
});

test('what is exported in one turn goes together, in whatever pieces it came', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server);
  const codes = await Promise.all([opened.export('a'), opened.export('b', 'c'), opened.export('d')]);
  await opened.destination.forceFlush();
  expect(codes).toEqual([0, 0, 0]);
  expect(server.requests.map((request) => request.lines)).toEqual([['a', 'b', 'c', 'd']]);
});

test('no records are no request', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, { destinationOptions: { encode: () => ({ payloads: [], drops: [] }) } });
  expect(await opened.export()).toBe(0);
  await opened.destination.forceFlush();
  expect(server.requests).toHaveLength(0);
});

test('shutdown drops what was answered and is still on its way, and leaves nothing in the outbox', async () => {
  const outbox = new MemoryOutbox();
  const server = await LineServer.start();
  const opened = openDelivery(server, { deliveryOptions: { outbox } });
  expect(await opened.export('a', 'b')).toBe(0);
  await opened.destination.shutdown({ timeoutMillis: 0 });
  expect(opened.destination.stats()).toMatchObject({ dropped: { shutdown: 2 }, held: 0 });
  await nextTurn();
  await until(() => opened.delivery.stats().outboxBytes === 0);
});

function merge(payloads: readonly EncodedPayload[]): EncodedPayload[] {
  const texts = payloads.flatMap(({ body }) => Buffer.from(body).toString().split('\n').slice(0, -1));
  return [encodeLines(texts.map((text) => line(text)))];
}

describe('payloads that come thick and fast', () => {
  test('go together, and a flush does not wait for more', async () => {
    const server = await LineServer.start();
    stopTime();
    const opened = openDelivery(server, {
      deliveryOptions: { outbox: new MemoryOutbox() },
      destinationOptions: { merge },
    });
    for (const text of ['a', 'b', 'c']) expect(await opened.export(text)).toBe(0);
    expect(opened.destination.stats()).toMatchObject({ received: 3, held: 3 });
    await opened.destination.forceFlush();
    // Requests overlap: which of them arrives first is chance.
    const requests = server.requests.map(({ lines }) => lines.join(' '));
    expect(requests.toSorted((one, other) => one.localeCompare(other))).toEqual(['a', 'b c']);
    expect(opened.destination.stats()).toMatchObject({ passed: 3, held: 0 });
  });

  test('are dropped by a shutdown that has no time', async () => {
    const server = await LineServer.start();
    stopTime();
    const opened = openDelivery(server, {
      deliveryOptions: { outbox: new MemoryOutbox() },
      destinationOptions: { merge },
    });
    for (const text of ['a', 'b', 'c']) await opened.export(text);
    await opened.destination.shutdown({ timeoutMillis: 0 });
    expect(opened.destination.stats()).toMatchObject({ received: 3, dropped: { shutdown: 3 }, held: 0 });
  });
});
