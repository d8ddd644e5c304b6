import { describe, expect, onTestFinished, test } from 'vitest';
import type { Drop } from '@spillway/core';
import { collectDiag } from './diag-lines.ts';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { line, LineServer } from './test-backend.ts';
import { nextTurn, until } from './test-clock.ts';

function boom(): never {
  throw new Error('boom');
}

/** Promises that reject with nobody to hear it, which would end the process. */
function collectUnhandled(): unknown[] {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => {
    process.off('unhandledRejection', listener);
  });
  return unhandled;
}

describe.each<[string, () => unknown]>([
  ['throws', boom],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('code of the application that %s', (how, fails) => {
  test('as onDrop: the drop is counted, the others go on, one error is logged', async () => {
    const unhandled = collectUnhandled();
    const lines = collectDiag();
    const server = await LineServer.start(() => 400);
    const onDrop = fails as (drop: Drop) => void;
    const opened = openDelivery(server, { recordsPerPayload: 1, destinationOptions: { onDrop } });
    await opened.export('a', 'b', 'c');
    await opened.destination.forceFlush();
    await nextTurn();
    expect(opened.destination.stats()).toMatchObject({ dropped: { rejected: 3 }, held: 0 });
    expect(lines.filter((text) => text.includes('onDrop threw'))).toHaveLength(1);
    expect(unhandled).toEqual([]);
  });

  test('as the callback of export: the records are delivered', async () => {
    const unhandled = collectUnhandled();
    const server = await LineServer.start();
    const opened = openDelivery(server);
    expect(() => opened.destination.export([line('a')], fails)).not.toThrow();
    await opened.export('b');
    await opened.destination.shutdown();
    opened.destination.export([line('c')], fails);
    await nextTurn();
    expect(server.stored).toEqual(['a', 'b']);
    expect(unhandled).toEqual([]);
  });

  test('as fetch: it is tried again', async () => {
    const unhandled = collectUnhandled();
    const server = await LineServer.start();
    let calls = 0;
    const fetch: typeof globalThis.fetch = (...given) => {
      calls += 1;
      return calls < 4 ? (fails() as Promise<Response>) : globalThis.fetch(...given);
    };
    const opened = openDelivery(server, { deliveryOptions: { fetch, backoff: noBackoff } });
    await opened.export('a');
    await opened.destination.forceFlush();
    await nextTurn();
    expect([opened.destination.stats().passed, opened.destination.stats().requestsFailed]).toEqual([1, 3]);
    expect(unhandled).toEqual([]);
  });

  test('as a secret: it is asked again, and nothing is sent without it', async () => {
    const unhandled = collectUnhandled();
    const server = await LineServer.start();
    let calls = 0;
    const authorization = (): string => {
      calls += 1;
      return calls < 4 ? (fails() as string) : 'Bearer 1';
    };
    const opened = openDelivery(server, {
      deliveryOptions: { backoff: noBackoff },
      destinationOptions: { headers: { authorization } },
    });
    await opened.export('a');
    await opened.destination.forceFlush();
    await nextTurn();
    expect(server.requests.map((request) => request.headers.authorization)).toEqual(['Bearer 1']);
    expect(opened.destination.stats()).toMatchObject({ passed: 1, held: 0 });
    expect(unhandled).toEqual([]);
  });

  test(`as anything of the outbox: exports are answered and the account is right (${how})`, async () => {
    const unhandled = collectUnhandled();
    const server = await LineServer.start();
    const method = fails as () => Promise<never>;
    const outbox = { maxBytes: 1e6, put: method, read: method, remove: method, close: method, flushSync: method };
    const opened = openDelivery(server, { deliveryOptions: { outbox } });
    expect(await opened.export('a')).toBe(0);
    opened.destination.flushSync(10);
    await until(() => opened.destination.stats().held === 0);
    await opened.destination.shutdown();
    await nextTurn();
    expect(opened.destination.stats()).toMatchObject({ dropped: { outbox_full: 1 }, held: 0 });
    expect(unhandled).toEqual([]);
  });
});

test('an encoder that throws costs its records, and not the next ones', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, { destinationOptions: { encode: boom } });
  expect(await opened.export('a', 'b')).toBe(0);
  expect(opened.drops).toMatchObject([{ count: 2, reason: 'invalid', error: { name: 'EncodeError' } }]);
});

test('drops of the encoder are told with their reasons, and the rest is delivered', async () => {
  const server = await LineServer.start();
  const error = new Error('too deep');
  const drops: Drop[] = [
    { count: 1, reason: 'invalid', error },
    { count: 0, reason: 'expired' },
    { count: 1, reason: 'too_large' },
  ];
  const opened = openDelivery(server, { destinationOptions: { encode: () => ({ payloads: [], drops }) } });
  await opened.export('a', 'b');
  expect(opened.drops).toEqual([drops[0], drops[2]]);
});

test('an onDrop that exports again is no endless loop within one turn', async () => {
  const server = await LineServer.start(() => 400);
  let again = 0;
  const opened = openDelivery(server, {
    destinationOptions: {
      onDrop: () => {
        again += 1;
        if (again < 5) void opened.export(`again ${again}`);
      },
    },
  });
  await opened.export('a');
  await until(() => again === 5);
  expect(opened.destination.stats()).toMatchObject({ received: 5, dropped: { rejected: 5 } });
});

test('drops are told to the operator: at once, then in all every 30 s, and what is left at the end', async () => {
  const lines = collectDiag();
  const server = await LineServer.start(() => 400);
  const opened = openDelivery(server, { recordsPerPayload: 1 });
  await opened.export('a', 'b', 'c');
  await opened.destination.forceFlush();
  await opened.destination.shutdown();
  expect(lines.filter((text) => text.includes('dropped'))).toEqual([
    'warn test 1 records dropped since the start (rejected 1): LineError: The answer was 400.',
    'warn test 3 records dropped since the start (rejected 3)',
  ]);
});
