import { inspect } from 'node:util';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@spillway/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { attempt, type AttemptOptions, type AttemptRequest, type AttemptResult } from '../src/attempt.ts';
import { LineServer } from './test-backend.ts';
import { pass, stopTime, until } from './test-clock.ts';

const never = (): Promise<never> => new Promise(() => {});

function start(request: Partial<AttemptRequest>, options: Partial<AttemptOptions> = {}): Promise<AttemptResult> {
  return attempt(
    { url: 'http://127.0.0.1/', headers: () => Promise.resolve({}), body: new Uint8Array(3), ...request },
    { fetch: undefined, timeoutMillis: 10_000, signal: new AbortController().signal, ...options },
  );
}

describe('an attempt ends at its timeout', () => {
  const timedOut = { kind: 'failed', error: { name: 'TimeoutError', message: 'No complete answer within 10000 ms.' } };

  test.each<[string, Partial<AttemptRequest>, typeof fetch | undefined]>([
    ['where fetch never answers and ignores its signal', {}, never],
    ['where a secret never comes', { headers: never }, undefined],
  ])('%s', async (_name, request, fetch) => {
    stopTime();
    const ended = vi.fn<(result: AttemptResult) => void>();
    void start(request, { fetch }).then(ended);
    await pass(9999);
    expect(ended).not.toHaveBeenCalled();
    await pass(1);
    expect(ended).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ kind: 'failed' }));
    expect(ended.mock.calls[0]?.[0]).toMatchObject(timedOut);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('where the body of an error never ends, with the status and what came', async () => {
    stopTime();
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('busy')) });
    const result = start({}, { fetch: () => Promise.resolve(new Response(endless, { status: 503 })) });
    await pass(10_000);
    expect(await result).toEqual({ kind: 'response', status: 503, retryAfter: null, body: 'busy' });
  });
});

test('given up, it ends at once, and its timer is gone', async () => {
  stopTime();
  const controller = new AbortController();
  const result = start({}, { fetch: never, signal: controller.signal });
  controller.abort(new Error('shutdown'));
  expect(await result).toEqual({ kind: 'aborted' });
  expect(await start({}, { fetch: never, signal: controller.signal })).toEqual({ kind: 'aborted' });
  expect(vi.getTimerCount()).toBe(0);
});

test('a success is known from the status: the body is neither awaited nor given', async () => {
  stopTime();
  const endless = new ReadableStream();
  const response = new Response(endless, { status: 200, headers: { 'retry-after': '1' } });
  const result = await start({}, { fetch: () => Promise.resolve(response) });
  expect(result).toEqual({ kind: 'response', status: 200, retryAfter: '1', body: '' });
  await pass(10_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('of a long answer the first 64 KiB are read, and the connection is closed', async () => {
  let sent = 0;
  let isClosed = false;
  const server = await LineServer.start(() => (response) => {
    response.writeHead(500);
    const send = (): void => {
      for (let free = true; free && sent < 10_000_000; sent += 10_000) free = response.write('x'.repeat(10_000));
    };
    response.on('drain', send).on('close', () => (isClosed = true));
    send();
  });
  const result = await start({ url: server.url });
  expect(result).toMatchObject({ kind: 'response', status: 500, body: 'x'.repeat(65_536) });
  await until(() => isClosed);
  expect(sent).toBeLessThan(10_000_000);
});

describe('errors', () => {
  test('of the network have a stable name and the code of the system', async () => {
    const server = await LineServer.start();
    const { url } = server;
    server.close();
    const result = await start({ url });
    expect(result).toMatchObject({ kind: 'failed', error: { name: 'NetworkError', cause: { code: 'ECONNREFUSED' } } });
    expect(result).toHaveProperty('error.message', 'The request failed: ECONNREFUSED.');
  });

  test('never quote an address with credentials or a header, however they are printed', async () => {
    for (const url of ['http://user:hunter2@127.0.0.1/', 'ht!tp://user:hunter2@x', 'http://user:hunter2@x:99999/']) {
      const result = await start({ url });
      expect(result).toMatchObject({ kind: 'failed', error: { name: 'NetworkError' } });
      expect(inspect(result, { depth: 9, showHidden: true })).not.toContain('hunter2');
    }
    const result = await start({ headers: () => Promise.resolve({ authorization: 'hunter2\r\n' }) });
    expect(inspect(result, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  test('of a fetch that throws, rejects or answers nonsense are failed attempts', async () => {
    const fetches: (() => unknown)[] = [
      () => {
        throw new Error('boom');
      },
      () => Promise.reject(new Error('boom')),
      () => Promise.reject('boom'),
      () => 'nonsense',
      () => Promise.resolve({}),
    ];
    stopTime();
    for (const fetch of fetches)
      expect(await start({}, { fetch: fetch as typeof globalThis.fetch })).toMatchObject({ kind: 'failed' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a secret are told apart from those of the network', async () => {
    const cause = new Error('vault is sealed');
    const result = await start({ headers: () => Promise.reject(cause) });
    expect(result).toMatchObject({ kind: 'failed', error: { name: 'PrepareError', cause } });
  });
});

test('a redirect is not followed, and no credentials go to the other place', async () => {
  const other = await LineServer.start();
  const statuses = [301, 302, 303, 307, 308];
  const server = await LineServer.start((_request, index) => (response) => {
    response.writeHead(statuses[index] ?? 500, { location: other.url }).end();
  });
  for (const status of statuses) {
    const headers = { authorization: 'hunter2', 'x-tenant': 'a' };
    expect(await start({ url: server.url, headers: () => Promise.resolve(headers) })).toEqual({
      kind: 'redirect',
      status,
    });
  }
  expect([server.requests.length, other.requests.length]).toEqual([5, 0]);
});

describe('our own sending', () => {
  test('is marked as such for fetch and for secrets, and nothing else is', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    onTestFinished(() => {
      context.disable();
    });
    const seen: boolean[] = [];
    const look = (): void => void seen.push(isTracingSuppressed(context.active()));
    const fetch = (): Promise<Response> => {
      look();
      return Promise.resolve(new Response());
    };
    const headers = async (): Promise<Record<string, string>> => {
      await Promise.resolve();
      look();
      return {};
    };
    await start({ headers }, { fetch });
    look();
    expect(seen).toEqual([true, true, false]);
  });

  test('passes by the instrumentation that wraps fetch', async () => {
    const plain = vi.fn<typeof fetch>(() => Promise.resolve(new Response()));
    const wrapped = Object.assign(vi.fn<typeof fetch>(), { __original: plain });
    vi.stubGlobal('fetch', wrapped);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    await start({});
    await start({}, { fetch: wrapped });
    expect([plain.mock.calls.length, wrapped.mock.calls.length]).toEqual([2, 0]);
  });
});
