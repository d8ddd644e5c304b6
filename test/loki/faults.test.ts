import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Fault, faultSequence, flappingFault, LokiStandIn } from './index.ts';
import { push, pushBody } from './push-client.ts';

const T0 = BigInt(Date.now()) * 1_000_000n;
const BODY = pushBody([{ app: 'x' }, [T0, 'line']]);

let standIn: LokiStandIn;

beforeEach(async () => {
  standIn = new LokiStandIn({ cors: true });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

/** The status, or `broken` where there was none or its body did not arrive. */
const outcome = async (): Promise<number | 'broken'> => {
  try {
    return (await push(standIn, BODY)).status;
  } catch {
    return 'broken';
  }
};

const statusOf = async (path: string, method = 'GET'): Promise<number> =>
  (await fetch(standIn.url + path, { method, redirect: 'manual' })).status;

const stored = (): number => standIn.entries().length;

describe('faults of a push', () => {
  test.each<[string, Fault, number | 'broken', number]>([
    ['a delay', { kind: 'delay', millis: 1 }, 204, 1],
    ['a delay before another fault', { kind: 'delay', millis: 1, followedBy: { kind: 'status', status: 503 } }, 503, 0],
    ['a status', { kind: 'status', status: 500 }, 500, 0],
    ['a status after all was stored', { kind: 'status', status: 502, store: true }, 502, 1],
    ['a redirect', { kind: 'status', status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 307, 0],
    ['blocked ingestion', { kind: 'block-ingestion' }, 260, 0],
    ['a reset before the request is read', { kind: 'reset', when: 'before-reading' }, 'broken', 0],
    ['a reset after the request was read', { kind: 'reset', when: 'after-reading' }, 'broken', 0],
    ['a reset after all was stored', { kind: 'reset', when: 'after-storing' }, 'broken', 1],
    ['a break within the answer', { kind: 'break-after-status' }, 'broken', 1],
    ['a break within an error', { kind: 'break-after-status', status: 503 }, 'broken', 0],
    ['a body that dribbles', { kind: 'dribble', everyMillis: 1, bytes: 3 }, 200, 1],
    ['a large body', { kind: 'huge-body', bytes: 200_000, status: 400 }, 400, 0],
  ])('%s', async (_, fault, expected, entries) => {
    standIn.setFault(fault);
    expect([await outcome(), stored()]).toEqual([expected, entries]);
    standIn.setFault(undefined);
    expect(await outcome()).toBe(204);
  });

  test('a 429 carries the Retry-After that it is given', async () => {
    standIn.setFault({ kind: 'status', status: 429, headers: { 'retry-after': 'soon' }, body: 'slow down' });
    const { status, text, headers } = await push(standIn, BODY);
    expect([status, text, headers.get('retry-after')]).toEqual([429, 'slow down', 'soon']);
  });

  test('a connection that breaks within the answer has told its status', async () => {
    standIn.setFault({ kind: 'break-after-status' });
    const response = await fetch(`${standIn.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('a large body has the size that was asked for', async () => {
    standIn.setFault({ kind: 'huge-body', bytes: 200_000 });
    expect((await push(standIn, BODY)).text).toHaveLength(200_000);
  });

  test('a push that hangs is ended by its client, or by closing the stand-in', async () => {
    standIn.setFault({ kind: 'hang', store: true });
    const pending = outcome();
    while (stored() === 0) await new Promise(setImmediate);
    await standIn.close();
    expect(await pending).toBe('broken');
  });

  test('a delay does not outlive the stand-in', async () => {
    standIn.setFault({ kind: 'delay', millis: 3_600_000 });
    const pending = outcome();
    while (standIn.pushCount === 0) await new Promise(setImmediate);
    await standIn.close();
    expect(await pending).toBe('broken');
  });

  test('faults can be chosen push by push', async () => {
    standIn.setFault(({ index }) => (index === 1 ? { kind: 'status', status: 503 } : undefined));
    expect([await outcome(), await outcome(), await outcome()]).toEqual([204, 503, 204]);
  });

  test('a sequence of faults ends', async () => {
    standIn.setFault(faultSequence([{ kind: 'status', status: 500 }, undefined, { kind: 'status', status: 502 }]));
    expect([await outcome(), await outcome(), await outcome(), await outcome()]).toEqual([500, 204, 502, 204]);
  });

  test('flapping keeps its ratio and repeats with its seed', () => {
    const request = { index: 0, method: 'POST', path: '/', headers: {} };
    const run = (seed: number): boolean[] => {
      const plan = flappingFault({ fault: { kind: 'status', status: 503 }, ratio: 0.5, seed });
      return Array.from({ length: 1000 }, () => plan(request) !== undefined);
    };
    const hits = run(1).filter(Boolean).length;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(hits).toBeGreaterThan(450);
    expect(hits).toBeLessThan(550);
  });

  test('queries are answered whatever the fault', async () => {
    standIn.setFault({ kind: 'status', status: 500 });
    expect((await fetch(`${standIn.url}/loki/api/v1/query_range?query={app="x"}`)).status).toBe(200);
  });
});

describe('the server', () => {
  test('refuses connections and comes back on the same port with what it had', async () => {
    expect(await outcome()).toBe(204);
    const { url } = standIn;
    await standIn.refuseConnections();
    expect(await outcome()).toBe('broken');
    await standIn.acceptConnections();
    expect([standIn.url, await outcome(), stored()]).toEqual([url, 204, 1]);
  });

  test('keeps a log of the requests, with their bodies', async () => {
    await push(standIn, gzipSync(BODY), { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    await fetch(`${standIn.url}/ready`);
    expect(standIn.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', '/loki/api/v1/push', 204],
      ['GET', '/ready', 200],
    ]);
    expect(standIn.requests[0]?.bytes).toBe(gzipSync(BODY).length);
    expect(await standIn.requests[0]?.body()).toBe(BODY);
    standIn.clear();
    expect([standIn.requests.length, standIn.pushCount, stored()]).toEqual([0, 0, 0]);
  });

  test('answers other paths and methods as Loki does', async () => {
    expect(await statusOf('/nowhere')).toBe(404);
    expect(await statusOf('/loki/api/v1/push')).toBe(405);
    expect(await statusOf('/loki/api/v1/push/', 'POST')).toBe(404);
    expect(await statusOf('//loki/api/v1/push', 'POST')).toBe(301);
  });

  test('lets pages push when it is told to', async () => {
    const response = await fetch(`${standIn.url}/loki/api/v1/push`, {
      method: 'OPTIONS',
      headers: { origin: 'http://page.example', 'access-control-request-headers': 'content-type,x-scope-orgid' },
    });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'http://page.example',
    ]);
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-scope-orgid');
  });

  test('survives a client that goes away in the middle of a request', async () => {
    const socket = connect(Number(new URL(standIn.url).port), '127.0.0.1');
    await new Promise((resolve) => {
      socket.write('POST /loki/api/v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"streams"', resolve);
    });
    while (standIn.pushCount === 0) await new Promise(setImmediate);
    socket.destroy();
    expect(await outcome()).toBe(204);
  });
});
