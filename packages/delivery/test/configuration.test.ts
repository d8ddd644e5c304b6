import { describe, expect, test } from 'vitest';
import { collectDiag } from './diag-lines.ts';
import { openDelivery } from './open-delivery.ts';
import { line, LineServer } from './test-backend.ts';
import { answered, pass, passToRequest, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

describe.each([401, 403, 404])('an answer %i', (status) => {
  test('holds everything, says so loudly, and is tried again once a minute', async () => {
    const lines = collectDiag();
    const server = await LineServer.start(() => status);
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1 });
    await opened.export('a', 'b', 'c');
    await server.received(1);
    await answered(opened.delivery);
    const atFirst = server.requests.length;
    for (let minute = 1; minute <= 5; minute += 1) {
      await pass(59_999);
      expect(opened.delivery.stats().requestsInFlight).toBe(0);
      await pass(1);
      await server.received(atFirst + minute);
      await answered(opened.delivery);
    }
    expect(opened.destination.stats()).toMatchObject({ held: 3, droppedTotal: 0, passed: 0 });
    const errors = lines.filter((text) => text.startsWith('error'));
    expect(errors).toHaveLength(6);
    expect(errors[0]).toContain(
      `Everything is held until address or credentials are mended: LineError: The answer was ${status}.`,
    );
    server.answer = () => 204;
    await passToRequest(opened.delivery);
    await until(() => opened.destination.stats().passed === 3);
    expect(lines.at(-1)).toContain('Requests succeed again.');
  });

  test('lets a flush try once, and not wait', async () => {
    const server = await LineServer.start(() => status);
    stopTime();
    const opened = openDelivery(server, { recordsPerPayload: 1 });
    await opened.export('a', 'b', 'c');
    await server.received(1);
    await answered(opened.delivery);
    const before = server.requests.length;
    await opened.destination.forceFlush();
    expect(server.requests).toHaveLength(before + 1);
    server.answer = () => 204;
    await opened.destination.forceFlush();
    expect(opened.destination.stats()).toMatchObject({ passed: 3, held: 0 });
  });
});

test('a redirect is a refusal for good, and the operator is told of it', async () => {
  const lines = collectDiag();
  const other = await LineServer.start();
  const server = await LineServer.start(() => (response) => response.writeHead(307, { location: other.url }).end());
  const opened = openDelivery(server, { destinationOptions: { headers: { authorization: 'hunter2' } } });
  await opened.export('a', 'b');
  await opened.destination.forceFlush();
  expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
  expect(opened.drops).toEqual([
    { count: 2, reason: 'rejected', error: expect.objectContaining({ name: 'RedirectError' }) },
  ]);
  expect(lines.join('\n')).toContain('RedirectError: The endpoint answered with a redirect (307)');
});

describe('setUrl', () => {
  test('sends to the new address from then on, also what waits for the old one', async () => {
    const down = await LineServer.start(() => 503);
    const server = await LineServer.start();
    stopTime();
    const opened = openDelivery(down, { recordsPerPayload: 1, deliveryOptions: { random: () => 0.5 } });
    await opened.export('a', 'b');
    await until(() => down.requests.length >= 2);
    await answered(opened.delivery);
    opened.destination.setUrl(server.url);
    await opened.export('c');
    await until(() => opened.destination.stats().passed === 3);
    expect(server.stored.toSorted()).toEqual(['a', 'b', 'c']);
    expect(opened.destination.url).toBe(server.url);
  });

  test('what is being sent to the old address stays there, and comes over if it fails', async () => {
    const hung = await LineServer.start(() => () => {});
    const server = await LineServer.start();
    const opened = openDelivery(hung);
    await opened.export('a');
    await hung.received(1);
    opened.destination.setUrl(server.url);
    await opened.export('b');
    await until(() => opened.destination.stats().passed === 1);
    hung.dropConnections();
    await until(() => opened.destination.stats().passed === 2);
    expect(server.stored).toEqual(['b', 'a']);
  });

  test('halves of a payload that was cut meanwhile go to the new address, whatever the old one says', async () => {
    const outbox = new SlowOutbox();
    const old = await LineServer.start((request) => (request.lines.length > 1 ? 413 : 401));
    const server = await LineServer.start();
    const opened = openDelivery(old, { deliveryOptions: { outbox } });
    const other = openDelivery(old, { delivery: opened.delivery });
    await opened.export('a', 'b');
    const put = outbox.put.bind(outbox);
    const halves: (() => void)[] = [];
    outbox.put = async (id, payload) => {
      await new Promise<void>((resolve) => halves.push(resolve));
      await put(id, payload);
    };
    await until(() => halves.length === 2);
    outbox.put = put;
    await other.export('refused');
    await until(() => other.destination.stats().requestsFailed === 1);
    opened.destination.setUrl(server.url);
    for (const store of halves) store();
    await until(() => opened.destination.stats().passed === 2);
    expect(server.stored.toSorted()).toEqual(['a', 'b']);
  });

  test('without an address nothing is sent, what comes is counted as disabled, and what waits stays', async () => {
    const lines = collectDiag();
    const server = await LineServer.start(() => 503);
    stopTime();
    const opened = openDelivery(server);
    await opened.export('held');
    await server.received(1);
    await answered(opened.delivery);
    opened.destination.setUrl(undefined);
    expect(await opened.export('a', 'b')).toBe(0);
    await pass(600_000);
    // A flush has nothing to wait for.
    await opened.destination.forceFlush();
    expect(server.requests).toHaveLength(1);
    expect(opened.destination.stats()).toMatchObject({ dropped: { disabled: 2 }, held: 1 });
    expect(lines.filter((text) => text.includes('dropped'))).toEqual([]);
    server.answer = () => 204;
    opened.destination.setUrl(server.url);
    await until(() => opened.destination.stats().passed === 1);
  });

  test('a Delivery may begin without an address', async () => {
    const opened = openDelivery(undefined);
    expect(await opened.export('a')).toBe(0);
    const server = await LineServer.start();
    opened.destination.setUrl(server.url);
    await opened.export('b');
    await opened.destination.forceFlush();
    expect(opened.destination.stats()).toMatchObject({ passed: 1, dropped: { disabled: 1 } });
  });

  test('the same address changes nothing', async () => {
    const server = await LineServer.start(() => 401);
    stopTime();
    const opened = openDelivery(server);
    await opened.export('a');
    await server.received(1);
    await answered(opened.delivery);
    opened.destination.setUrl(server.url);
    expect(opened.delivery.stats().requestsInFlight).toBe(0);
  });
});

test('every request has the headers of the destination, the content and the tenant', async () => {
  const server = await LineServer.start();
  let count = 0;
  const headers = { Authorization: () => `Bearer ${(count += 1)}`, 'x-custom': 'yes' };
  const opened = openDelivery(server, { recordsPerPayload: 1, destinationOptions: { headers } });
  await opened.export(line('a', 9, 'tenant-1'));
  await opened.destination.forceFlush();
  await opened.export('b');
  await opened.destination.forceFlush();
  expect(server.requests.map((request) => request.headers)).toMatchObject([
    {
      authorization: 'Bearer 1',
      'x-custom': 'yes',
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
      'x-tenant': 'tenant-1',
    },
    { authorization: 'Bearer 2' },
  ]);
  expect(server.requests[1]?.headers).not.toHaveProperty('x-tenant');
});

test('a tenant that could begin another header is never given to fetch', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, { deliveryOptions: { maxAttempts: 1 } });
  await opened.export(line('a', 9, 'evil\r\nx-other: 1'));
  await opened.destination.forceFlush();
  expect(server.requests).toHaveLength(0);
  expect(opened.drops).toMatchObject([{ count: 1, reason: 'retry_exhausted', error: { name: 'PrepareError' } }]);
  expect(opened.drops[0]?.error?.cause).toMatchObject({
    name: 'HeaderError',
    message: expect.stringContaining('`x-tenant`'),
  });
});
