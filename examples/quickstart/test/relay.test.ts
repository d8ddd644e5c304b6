import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Relay } from '../src/relay.ts';

const received: string[] = [];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    received.push(`${request.method} ${request.url} ${request.headers.host} ${body}`);
    if (body !== 'no answer') response.writeHead(429, { 'Retry-After': '7' }).end('slower');
  });
});

let relay: Relay;
let host: string;

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  relay = new Relay(new URL(`http://${host}/loki?a=b`));
  await relay.open();
  received.length = 0;
});

afterEach(async () => {
  await relay.close();
  server.close();
  server.closeAllConnections();
});

const push = (body: string): Promise<Response> => fetch(relay.url, { method: 'POST', body });

test('a request and its answer pass as they are, under the name of the target', async () => {
  const response = await push('a line');
  expect(received).toEqual([`POST /loki?a=b ${host} a line`]);
  expect([response.status, response.headers.get('Retry-After'), await response.text()]).toEqual([429, '7', 'slower']);
});

test('a closed relay breaks what is under way and refuses what comes, and is found at the same address later', async () => {
  const { url } = relay;
  const arrival = once(server, 'request');
  const underWay = push('no answer').catch((error: unknown) => error);
  await arrival;
  await relay.close();
  expect(await underWay).toBeInstanceOf(TypeError);
  await expect(push('too late')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await relay.open();
  expect(relay.url).toEqual(url);
  expect((await push('again')).status).toBe(429);
});

test('a target that is not there is named by a 502', async () => {
  server.close();
  server.closeAllConnections();
  const response = await push('a line');
  expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('ECONNREFUSED')]);
});
