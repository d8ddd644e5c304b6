import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';

import { ThrottledDiag } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onTestFinished } from 'vitest';

import { SseStream } from '../src/clients/sse-stream.ts';
import { type ServerLimits, TailServer } from '../src/server/tail-server.ts';
import { captureDiagnostics } from './diagnostics.ts';
import { numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { tokenOf, TRANSPORTS, WATCH, watchEvents, watchSocket } from './watcher.ts';

describe('once a second', () => {
  beforeEach(
    () =>
      void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] }),
  );
  afterEach(() => void vi.useRealTimers());

  it.each(TRANSPORTS)(
    'each client is told how it is doing, and nothing ticks without clients: %s',
    async (transport) => {
      const { exporter, url } = await openExporter();
      expect(vi.getTimerCount()).toBe(0);
      const watcher = await WATCH[transport](url);
      await watcher.untilCount('stats', 1);
      await exportTo(exporter, numbered(3));
      vi.advanceTimersByTime(1000);
      await watcher.untilCount('stats', 2);
      expect(watcher.of('stats').at(-1)).toMatchObject({ received: 3, clients: 1, healthy: true });
      watcher.close();
      await expect.poll(() => exporter.stats().clients.connected).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('clients that miss records are named in the diagnostics, and the token is not', async () => {
    const messages = captureDiagnostics();
    const { exporter, url } = await openExporter({ clientBuffer: { maxSize: 10 } });
    (await watchSocket(url)).stall();
    const records = numbered(100, 10_000);
    for (let batch = 0; batch < 10; batch += 1) exporter.export(records, () => {});
    vi.advanceTimersByTime(1000);
    const { dropped } = exporter.stats().clients;
    expect(messages).toEqual([
      `@spillway/exporter-live-tail The client websocket-1 reads too slowly: ${dropped} records were dropped for it so far`,
    ]);
    vi.advanceTimersByTime(20_000);
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain(tokenOf(url));
  });
});

describe('every 15 seconds', () => {
  it.each(TRANSPORTS)('a connection is used, so that nothing on its way takes it for dead: %s', async (transport) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { url } = await openExporter();
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const protocols = `Sec-WebSocket-Protocol: spillway.live-tail.1, token.${tokenOf(url)}`;
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const lines =
      transport === 'sse'
        ? ['GET /events HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${tokenOf(url)}`]
        : [
            'GET /socket HTTP/1.1',
            'Host: localhost',
            ...upgrade,
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            protocols,
          ];
    socket.write([...lines, '', ''].join('\r\n'));
    await once(socket, 'readable');
    vi.advanceTimersByTime(15_000);
    const isPing = (all: string): boolean => all.includes(transport === 'sse' ? '\n\n: ping\n\n' : '\x89\x00');
    let text = '';
    for await (const chunk of socket.setEncoding('latin1')) {
      text += chunk as string;
      if (isPing(text)) break;
    }
    expect(isPing(text)).toBe(true);
  });
});

const BEGINNING = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
const PATIENT = { headersTimeoutMillis: 60_000, requestTimeoutMillis: 60_000, idleTimeoutMillis: 60_000 };

/** Says something to a server with other limits than the exporter's. */
async function tell(
  text: string,
  limits: Partial<ServerLimits>,
  handle: (request: IncomingMessage, response: ServerResponse) => void = () => {},
): Promise<Socket> {
  const all = { maxConnections: 10, checkIntervalMillis: 20, ...PATIENT, ...limits };
  const routes = { handle, handleUpgrade: () => false };
  const diag = new ThrottledDiag({ namespace: 'test' });
  const server = new TailServer({ host: '127.0.0.1', port: 0 }, all, routes as never, diag);
  onTestFinished(() => server.close(100));
  const { port } = await server.listening();
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  return socket;
}

describe('a stranger', () => {
  it('that never ends its headers is cut off', async () => {
    const socket = await tell(BEGINNING, { headersTimeoutMillis: 50, requestTimeoutMillis: 100 });
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 408 /);
    await once(socket, 'close');
  });

  it('that never reads its answer is cut off', async () => {
    const response = await new Promise<ServerResponse>((resolve) => {
      void tell(`${BEGINNING}\r\n`, { idleTimeoutMillis: 50 }, (_request, answer) => resolve(answer));
    });
    response.write(Buffer.alloc(20_000_000));
    await once(response, 'close');
    expect(response.writableFinished).toBe(false);
  });

  it('is no client: those may be idle', async () => {
    const response = await new Promise<ServerResponse>((resolve) => {
      void tell(`${BEGINNING}\r\n`, {}, (_request, answer) => resolve(answer));
    });
    const { socket } = response;
    expect(socket?.timeout).toBe(60_000);
    new SseStream(response, {}).writeEvent('stats', {});
    expect(socket?.timeout).toBe(0);
  });

  it('that speaks no HTTP is cut off, and others are served', async () => {
    const { url } = await openExporter();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('\0\0\0\r\n\r\n');
    await once(socket.resume(), 'close');
    expect(await (await watchEvents(url)).untilCount('hello', 1)).toHaveLength(1);
  });
});
