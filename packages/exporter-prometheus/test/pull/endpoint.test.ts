import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import type { EndpointOptions } from '../../src/pull/endpoint-options.ts';
import { ask } from './ask.ts';
import { captureDiagnostics } from './diagnostics.ts';

function open(endpoint: EndpointOptions = {}): PrometheusLogRecordExporter {
  const exporter = new PrometheusLogRecordExporter({ endpoint: { port: 0, ...endpoint } });
  onTestFinished(() => exporter.shutdown());
  return exporter;
}

const closing = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('the endpoint', () => {
  it('says where it listens, and has metrics at its path only', async () => {
    const { host, port, url } = await open({ path: '/logs/metrics' }).listening();
    expect([host, url]).toEqual(['127.0.0.1', `http://127.0.0.1:${port}/logs/metrics`]);
    expect((await ask(url)).status).toBe(200);
    expect((await ask(`${url}?format=x`)).status).toBe(200);
    const { hostname } = new URL(url);
    const whole = { host: hostname, port, path: `http://elsewhere${new URL(url).pathname}?format=x` };
    expect((await ask(url, whole)).status).toBe(200);
    for (const path of ['/', '/metrics', '/logs/metrics/', '/logs/metricsx', '/%']) {
      expect([path, (await ask(`http://127.0.0.1:${port}${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('listens on names and on IPv6', async () => {
    const { port, url } = await open({ host: 'localhost' }).listening();
    expect((await ask(url)).status).toBe(200);
    expect(port).toBeGreaterThan(0);
    const six = await open({ host: '::1' }).listening();
    expect(six.url).toBe(`http://[::1]:${six.port}/metrics`);
    expect((await ask(six.url)).status).toBe(200);
  });

  it('is not there unless it is asked for', async () => {
    await expect(new PrometheusLogRecordExporter().listening()).rejects.toThrow('The exporter has no endpoint.');
  });

  it('tells by its promise and the diagnostics that its port is taken, and the exporter counts all the same', async () => {
    const messages = captureDiagnostics();
    const { port } = await open().listening();
    const second = open({ port });
    await expect(second.listening()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(messages.join()).toContain(
      `The endpoint cannot listen on 127.0.0.1, port ${port}; port 0 takes a free one: Error: listen EADDRINUSE`,
    );
    second.export([], ({ code }) => expect(code).toBe(0));
    await second.shutdown();
  });

  it('closes idle connections at shutdown, those without a request too, and takes no new ones', async () => {
    const exporter = open();
    const { url, port } = await exporter.listening();
    const agent = new Agent({ keepAlive: true });
    await ask(url, { agent });
    const [kept] = Object.values(agent.freeSockets).flat() as Socket[];
    const silent = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => silent.once('connect', resolve));
    // Another answer, so that the server has seen the connection before.
    await ask(url);
    await Promise.all([exporter.shutdown({ timeoutMillis: 60_000 }), closing(kept as Socket), closing(silent)]);
    await expect(ask(url)).rejects.toThrow('ECONNREFUSED');
    await expect(exporter.listening()).resolves.toMatchObject({ port });
  });

  it('ends a scrape under way at shutdown, within the deadline', async () => {
    const gate = new EventEmitter();
    const exporter = open({
      bearerToken: async () => {
        gate.emit('asked');
        await once(gate, 'answer');
        return 'token';
      },
    });
    const { url } = await exporter.listening();
    const asked = once(gate, 'asked');
    const scrape = ask(url, { headers: { authorization: 'Bearer token' } });
    await asked;
    const shutdown = exporter.shutdown({ timeoutMillis: 60_000 });
    gate.emit('answer');
    expect((await scrape).status).toBe(200);
    await shutdown;
  });

  it('cuts off a scrape that is not answered within the deadline of the shutdown', async () => {
    const gate = new EventEmitter();
    const exporter = open({
      bearerToken: () => {
        gate.emit('asked');
        return new Promise(() => {});
      },
    });
    const { url } = await exporter.listening();
    const asked = once(gate, 'asked').then(() => exporter.shutdown({ timeoutMillis: 10 }));
    await expect(ask(url, { headers: { authorization: 'Bearer token' } })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    await asked;
  });

  it('does not listen where it is shut down before it does', async () => {
    const exporter = open({ host: 'localhost' });
    await exporter.shutdown();
    await expect(exporter.listening()).rejects.toThrow('shut down before');
  });

  it('keeps no script alive, with a connection either', async () => {
    const program = `
      import { connect } from 'node:net';
      import { PrometheusLogRecordExporter } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url))};
      const exporter = new PrometheusLogRecordExporter({ endpoint: { port: 0 } });
      const { port, url } = await exporter.listening();
      await (await fetch(url)).text();
      connect(port, '127.0.0.1').unref();
      console.log('over');`;
    const script = ['--conditions=dev', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, script, { timeout: 20_000 });
    expect(stdout).toBe('over\n');
  });

  it('does not throw where a stranger speaks no HTTP', async () => {
    const { port, url } = await open().listening();
    const socket = connect(port, '127.0.0.1');
    socket.write('\0\0\0\r\n\r\n');
    socket.resume();
    await closing(socket);
    expect((await ask(url)).status).toBe(200);
  });
});

describe('options of the endpoint', () => {
  it('are checked, and a secret is never shown', async () => {
    // A port that is taken, so that a server that starts by mistake does no harm.
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void blocker.close());
    const { port } = blocker.address() as AddressInfo;
    for (const [options, message] of [
      [{ endpoint: 9464 }, 'Expected `endpoint` to be an object, got `[redacted]` (number).'],
      [{ endpoint: { port: 65_536 } }, 'Expected `endpoint.port` to be an integer from 0 to 65535'],
      [{ endpoint: { port, host: '' } }, 'Expected `endpoint.host` to be a string that is not empty'],
      [{ endpoint: { port, path: 'metrics' } }, 'Expected `endpoint.path` to be a path that begins with `/`'],
      [{ endpoint: { port, path: '/a?b' } }, 'Expected `endpoint.path` to be a path that begins with `/`'],
      [{ endpoint: { port, bearerToken: 7_654 } }, 'got `[redacted]` (number)'],
      [{ endpoint: { port, path: '/a/../b' } }, 'Expected `endpoint.path` to be a path that begins with `/`'],
      [{ endpoint: { port, path: '/é' } }, 'Expected `endpoint.path` to be a path that begins with `/`'],
      [{ endpoint: { port, bearerTokn: 7_654 } }, 'Expected `endpoint.bearerTokn` to be left out'],
      [{ endpoint: false }, 'Expected `endpoint` to be an object, got `[redacted]` (boolean).'],
      [{ endpoint: null }, 'Expected `endpoint` to be left out or given a value'],
      [{ endpoint: { port, bearerToken: '' } }, 'Expected `endpoint.bearerToken` to be a text of visible ASCII'],
      [{ endpoint: { port, bearerToken: 't7654\n' } }, 'Expected `endpoint.bearerToken` to be a text of visible ASCII'],
      [{ endpoint: { port, bearerToken: 'tö7654' } }, 'Expected `endpoint.bearerToken` to be a text of visible ASCII'],
      [{ endpoint: { port, bearerToken: undefined } }, 'Expected `endpoint.bearerToken` to be a string or a function'],
      [{ endpoint: { port, basicAuth: undefined } }, 'Expected `endpoint.basicAuth` to be an object'],
      [{ endpoint: { port, basicAuth: 'u:7654' } }, 'got `[redacted]` (string)'],
      [{ endpoint: { port, basicAuth: { username: 'u' } } }, 'Expected `endpoint.basicAuth.password`'],
      [{ endpoint: { port, basicAuth: { username: 'u:7654', password: 'p' } } }, 'to have no colon'],
      [
        { endpoint: { port, basicAuth: { username: 'u', password: '7654\n' } } },
        'Expected `endpoint.basicAuth.password` to be a text that is not empty and has no line break',
      ],
      [
        { endpoint: { port, basicAuth: { username: 'u', password: 'p', pasword: '7654' } } },
        'Expected `endpoint.basicAuth.pasword` to be left out',
      ],
      [{ handlerAuth: {} }, 'Expected `handlerAuth` to be an object with `bearerToken` or `basicAuth`'],
      [{ handlerAuth: '' }, 'Expected `handlerAuth` to be an object, got `[redacted]` (string).'],
      [{ handlerAuth: { token: '7654' } }, 'Expected `handlerAuth.token` to be left out'],
      [{ handlerAuth: { bearerToken: undefined } }, 'Expected `handlerAuth.bearerToken` to be a string or a function'],
      [{ handlerAuth: { bearerToken: 't', basicAuth: { username: 'u', password: 'p' } } }, 'got both'],
      [{ handlerAuth: 'token 7654' }, 'Expected `handlerAuth` to be an object, got `[redacted]` (string).'],
    ] as const) {
      const make = (): unknown => new PrometheusLogRecordExporter(options as never);
      expect(make).toThrow(message);
      expect(make).toThrow(/^(?!.*7654)/s);
    }
  });
});
