import { once } from 'node:events';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';

import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { openExporter } from './open-exporter.ts';
import { tokenOf, watchEvents, watchSocket } from './watcher.ts';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

async function ask(url: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const asking = request(new URL(path, url.replace(/#.*/, '')), { agent: false, ...options }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks = await response.setEncoding('utf8').toArray();
  return { status: response.statusCode, headers: response.headers, text: chunks.join('') };
}

/** The status that a WebSocket's handshake is refused with; 101 where it is not. */
function handshake(
  url: string,
  path: string,
  protocols: string[],
  headers: Record<string, string> = {},
): Promise<number> {
  const webSocket = new WebSocket(new URL(path, url.replace(/#.*/, '')), protocols, { headers });
  webSocket.on('error', () => {});
  return new Promise((resolve) => {
    webSocket.once('open', () => {
      webSocket.terminate();
      resolve(101);
    });
    webSocket.once('unexpected-response', (_request, { statusCode }) => {
      resolve(statusCode ?? 0);
      webSocket.terminate();
    });
  });
}

const PROTOCOL = 'spillway.live-tail.1';

describe('who has no token', () => {
  it.each([undefined, 'Bearer', 'Bearer x', `Bearer ${'0'.repeat(32)}`, 'Basic dDp0'])(
    'gets no data: %s',
    async (authorization) => {
      const { url } = await openExporter();
      for (const path of ['events', 'health/clients', `events?token=${tokenOf(url)}`]) {
        const answer = await ask(url, path, { headers: { ...(authorization !== undefined && { authorization }) } });
        expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="live tail"']);
      }
    },
  );

  it('gets no WebSocket', async () => {
    const { url } = await openExporter();
    const right = `token.${tokenOf(url)}`;
    for (const [protocols, status] of [
      [[], 401],
      [[PROTOCOL], 401],
      [[PROTOCOL, 'token.0123456789abcdef'], 401],
      [[PROTOCOL, tokenOf(url)], 401],
      [[right], 400],
      [[PROTOCOL, right], 101],
    ] as const) {
      expect([protocols, await handshake(url, 'socket', [...protocols])]).toEqual([protocols, status]);
    }
  });

  it('gets the page, which has no data', async () => {
    const { url } = await openExporter();
    const { status, headers, text } = await ask(url, '/');
    expect(status).toBe(200);
    expect(text).not.toContain(tokenOf(url));
    const policy = String(headers['content-security-policy']);
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(text).toContain(nonce);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect((await ask(url, '/')).headers['content-security-policy']).not.toBe(policy);
  });
});

describe('a request from elsewhere', () => {
  it.each([
    ['another host', { host: 'evil.example' }],
    ['another host, with our port', { host: 'evil.example:9465' }],
    ['a host that only begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a host that hides behind ours', { host: 'localhost@evil.example' }],
    ['another origin', { origin: 'http://evil.example' }],
    ['an origin that only begins like ours', { origin: 'http://localhost.evil.example' }],
    ['no origin that can be told', { origin: 'null' }],
    ['an origin that is no page', { origin: 'chrome-extension://localhost' }],
  ])('is refused, with the right token too: %s', async (_name, headers) => {
    const { url } = await openExporter();
    const all = { authorization: `Bearer ${tokenOf(url)}`, ...headers };
    for (const path of ['/', 'events', 'health/clients', 'nowhere']) {
      expect([path, (await ask(url, path, { headers: all })).status]).toEqual([path, 403]);
    }
    expect(await handshake(url, 'socket', [PROTOCOL, `token.${tokenOf(url)}`], headers)).toBe(403);
  });

  it('is answered where its host or its origin is ours, whatever the port', async () => {
    const { url } = await openExporter({
      allowedHosts: ['logs.example', '2001:db8::1'],
      allowedOrigins: ['https://tools.example'],
    });
    for (const headers of [
      { host: 'localhost:1' },
      { host: 'LOCALHOST' },
      { host: '[::1]:9465' },
      { host: 'logs.example' },
      { host: '[2001:db8::1]:80' },
      { host: 'logs.example', origin: 'https://logs.example:8443' },
      { origin: 'http://localhost:3000' },
      { origin: 'https://tools.example' },
    ]) {
      const answer = await ask(url, '/', { headers });
      expect([headers, answer.status]).toEqual([headers, 200]);
      const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
      expect(names).toEqual([]);
    }
    expect((await ask(url, '/', { headers: { origin: 'https://tools.example:444' } })).status).toBe(403);
  });
});

describe('a request for what is not there', () => {
  it('is told so', async () => {
    const { url } = await openExporter();
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    for (const [path, method, status] of [
      ['nowhere', 'GET', 404],
      ['events/', 'GET', 404],
      ['events', 'POST', 405],
      ['/', 'HEAD', 405],
      ['health/clients', 'OPTIONS', 405],
      ['socket', 'GET', 426],
    ] as const) {
      expect([path, (await ask(url, path, { method, headers })).status]).toEqual([path, status]);
    }
    expect(await handshake(url, 'nowhere', [PROTOCOL, `token.${tokenOf(url)}`])).toBe(404);
  });
});

describe('clients that are too many', () => {
  it('are told to come back, and can when others have gone', async () => {
    const { exporter, url } = await openExporter({ maxClients: 2 });
    const first = await watchEvents(url);
    await watchSocket(url);
    await expect(watchEvents(url)).rejects.toThrow('status 503');
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    expect((await ask(url, 'events', { headers })).headers['retry-after']).toBe('5');
    expect(await handshake(url, 'socket', [PROTOCOL, `token.${tokenOf(url)}`])).toBe(503);
    first.close();
    await expect.poll(() => exporter.stats().clients.connected).toBe(1);
    await (await watchEvents(url)).untilCount('hello', 1);
  });
});

describe('a client that misbehaves', () => {
  it('may say what it wants by WebSocket, but not much', async () => {
    const { exporter, url } = await openExporter();
    const open = async (): Promise<WebSocket> => {
      const webSocket = new WebSocket(new URL('socket', url.replace(/#.*/, '')), [PROTOCOL, `token.${tokenOf(url)}`]);
      webSocket.on('error', () => {});
      await once(webSocket, 'open');
      return webSocket;
    };
    const talker = await open();
    talker.send('anything');
    talker.ping();
    await once(talker, 'pong');
    const shouter = await open();
    shouter.send('x'.repeat(1025));
    const [code] = (await once(shouter, 'close')) as [number];
    expect(code).toBe(1009);
    talker.terminate();
    await expect.poll(() => exporter.stats().clients.connected).toBe(0);
  });

  it('may send garbage in place of WebSocket frames', async () => {
    const { exporter, url } = await openExporter();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
        `Sec-WebSocket-Protocol: ${PROTOCOL}, token.${tokenOf(url)}\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString('latin1')).toMatch(/^HTTP\/1.1 101 [\s\S]*Sec-WebSocket-Protocol: spillway.live-tail.1\r\n/);
    socket.write('\xff\xff\xff garbage', 'latin1');
    socket.resume();
    await once(socket, 'close');
    await expect.poll(() => exporter.stats().clients.connected).toBe(0);
  });

  it('may ask for a handshake that is none', async () => {
    const { url } = await openExporter();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: other\r\n` +
        `Sec-WebSocket-Protocol: ${PROTOCOL}, token.${tokenOf(url)}\r\n\r\n`,
    );
    await once(socket.resume(), 'close');
    expect((await ask(url, '/')).status).toBe(200);
  });

  it('may ask for a version of the protocol that there is not, and is told which there are', async () => {
    const { url } = await openExporter();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
        `Sec-WebSocket-Protocol: ${PROTOCOL}, token.${tokenOf(url)}\r\n\r\n`,
    );
    const answer = (await socket.setEncoding('latin1').toArray()).join('');
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*Sec-WebSocket-Version: 13/);
  });

  it('may send headers that are too large', async () => {
    const { url } = await openExporter();
    expect((await ask(url, '/', { headers: { cookie: 'x'.repeat(10_000) } })).status).toBe(431);
  });
});

describe('the health page', () => {
  it('has every client', async () => {
    const { url } = await openExporter();
    await (await watchEvents(url)).untilCount('hello', 1);
    await (await watchSocket(url)).untilCount('hello', 1);
    const { text } = await ask(url, 'health/clients', { headers: { authorization: `Bearer ${tokenOf(url)}` } });
    const metrics = { buffered: 0, maxSize: 4096, bytes: 0, maxBytes: 8_388_608, sent: 0, dropped: 0, healthy: true };
    expect(JSON.parse(text)).toEqual({
      clients: ['sse-1', 'websocket-2'].map((clientId) => ({
        clientId,
        transport: clientId.split('-')[0],
        healthy: true,
        stalled: false,
        metrics,
      })),
    });
  });
});
