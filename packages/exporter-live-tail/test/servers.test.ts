import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { LiveTailLogRecordExporter, type LiveTailLogRecordExporterOptions } from '@spillway/exporter-live-tail';
import { describe, expect, it, onTestFinished } from 'vitest';

import { numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { TRANSPORTS, WATCH, watchEvents } from './watcher.ts';

const TOKEN = 'a-token-of-the-test';

/** The application's own server, with the exporter in it. Answers the address for people. */
async function embed(
  options: LiveTailLogRecordExporterOptions,
  mount: (server: Server, exporter: LiveTailLogRecordExporter) => void,
): Promise<{ exporter: LiveTailLogRecordExporter; url: string }> {
  const exporter = new LiveTailLogRecordExporter({ listen: false, token: TOKEN, ...options });
  const server = createServer();
  mount(server, exporter);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await exporter.shutdown({ timeoutMillis: 100 });
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { exporter, url: `http://127.0.0.1:${port}${options.path ?? '/'}/#token=${TOKEN}`.replace('//#', '/#') };
}

const plainly = (server: Server, exporter: LiveTailLogRecordExporter): void => {
  server.on('request', exporter.handler);
  server.on('upgrade', exporter.handleUpgrade);
};

/** What Express does where a handler is mounted at a path: it takes the path out of `url`. */
const mounted =
  (path: string) =>
  (server: Server, exporter: LiveTailLogRecordExporter): void => {
    server.on('request', (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse) => {
      const { url = '' } = request;
      request.originalUrl = url;
      request.url = url.slice(path.length) || '/';
      exporter.handler(request, response);
    });
    server.on('upgrade', exporter.handleUpgrade);
  };

describe.each(['/', '/logs', '/a/b/'])('the path %s', (path) => {
  it.each(TRANSPORTS)('has everything below it, on a server of its own: %s', async (transport) => {
    const { exporter, url } = await openExporter({ path });
    expect(new URL(url).pathname).toBe(path.endsWith('/') ? path : `${path}/`);
    await exportTo(exporter, numbered(2));
    await (await WATCH[transport](url)).untilCount('record', 2);
    for (const page of new Set([path, new URL(url).pathname])) {
      expect((await fetch(new URL(page, url))).status).toBe(200);
    }
    const outside = path === '/' ? '/x' : '/';
    expect((await fetch(new URL(outside, url))).status).toBe(404);
  });

  it.each(TRANSPORTS)("has everything below it, on the application's server: %s", async (transport) => {
    for (const mount of [plainly, mounted(path.replace(/\/$/, ''))]) {
      const { exporter, url } = await embed({ path }, mount);
      await exportTo(exporter, numbered(2));
      expect(await (await WATCH[transport](url)).untilCount('record', 2)).toHaveLength(2);
    }
  });
});

describe('in a server of the application', () => {
  it('leaves upgrades alone that are not below its path', async () => {
    let left = 0;
    const { url } = await embed({ path: '/logs' }, (server, exporter) => {
      server.on('upgrade', (request, socket, head) => {
        if (exporter.handleUpgrade(request, socket, head)) return;
        left += 1;
        socket.destroy();
      });
    });
    const elsewhere = url.replace('/logs/', '/other/');
    await expect(WATCH.websocket(elsewhere)).rejects.toThrow('socket hang up');
    expect(left).toBe(1);
    await (await WATCH.websocket(url)).untilCount('hello', 1);
  });

  it('has no address, and needs the names that the application is reached by', async () => {
    const { exporter, url } = await embed({ allowedHosts: ['app.example'] }, plainly);
    expect(exporter.url).toBeUndefined();
    await expect(exporter.listening()).rejects.toThrow('The exporter has no server of its own.');
    await (await watchEvents(url, { headers: { host: 'app.example' } })).untilCount('hello', 1);
    await expect(watchEvents(url, { headers: { host: 'other.example' } })).rejects.toThrow('status 403');
  });

  it('survives a response that was answered already', async () => {
    const { exporter, url } = await embed({}, (server, tail) => {
      server.on('request', (request, response) => {
        response.end('mine');
        tail.handler(request, response);
      });
    });
    await expect(fetch(url).then((response) => response.text())).resolves.toBe('mine');
    expect(exporter.stats().clients.connected).toBe(0);
  });
});
