import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { Secret } from '@spillway/core';
import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { componentProviders, liveTailProvider } from '@spillway/exporter-live-tail/component-providers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { captureDiagnostics } from './diagnostics.ts';
import { numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { tokenOf } from './watcher.ts';

/** A port that is taken, so that a server that starts by mistake does no harm. */
async function takenPort(): Promise<number> {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void blocker.close());
  return (blocker.address() as AddressInfo).port;
}

describe('options', () => {
  it('are checked, and a token is never shown', async () => {
    const port = await takenPort();
    for (const [options, message] of [
      [null, 'Expected `options` to be an object'],
      [{ listen: 1 }, 'Expected `listen` to be a boolean'],
      [{ host: '' }, 'Expected `host` to be a string that is not empty'],
      [{ port: 65_536 }, 'Expected `port` to be an integer from 0 to 65535'],
      [{ path: 'logs' }, 'Expected `path` to be a path that begins with `/`'],
      [{ path: '//elsewhere.example/' }, 'Expected `path` to be a path that begins with `/`'],
      [{ path: '/a/../b' }, 'Expected `path` to be a path that begins with `/`'],
      [{ path: '/a?b' }, 'Expected `path` to be a path that begins with `/`'],
      [
        { token: 'short-7654' },
        'Expected `token` to be a text of 16 to 256 letters, digits and any of `-._~`, got `[redacted]`',
      ],
      [{ token: '7654 is a text with blanks' }, 'got `[redacted]` (string)'],
      [{ token: 7654 }, 'got `[redacted]` (number)'],
      [{ token: Secret.from('token', () => '7654-is-not-known-yet') }, 'got `[redacted]` (object)'],
      [{ tokn: '7654-is-a-long-text' }, 'Expected `tokn` to be left out'],
      [{ allowedHosts: 'a' }, 'Expected `allowedHosts` to be an array'],
      [{ allowedHosts: ['a', 'b:80'] }, 'Expected `allowedHosts[1]` to be a host name or address, without a port'],
      [{ allowedHosts: ['http://a'] }, 'Expected `allowedHosts[0]` to be a host name'],
      [{ allowedHosts: ['[::1]:80'] }, 'Expected `allowedHosts[0]` to be a host name'],
      [{ allowedOrigins: ['a.example'] }, 'Expected `allowedOrigins[0]` to be an origin'],
      [{ allowedOrigins: ['https://a.example/'] }, 'Expected `allowedOrigins[0]` to be an origin'],
      [{ allowedOrigins: ['null'] }, 'Expected `allowedOrigins[0]` to be an origin'],
      [{ maxClients: 0 }, 'Expected `maxClients` to be an integer from 1'],
      [{ recent: 5 }, 'Expected `recent` to be an object'],
      [{ recent: { maxRecords: 0 } }, 'Expected `recent.maxRecords` to be an integer from 1'],
      [{ recent: { maxSize: 1 } }, 'Expected `recent.maxSize` to be left out'],
      [{ clientBuffer: { maxBytes: 0 } }, 'Expected `clientBuffer.maxBytes` to be an integer from 1'],
      [{ clientBuffer: { backpressureThreshold: 2 } }, 'Expected `clientBuffer.backpressureThreshold` to be a number'],
      [{ flush: 'per_event' }, 'Expected `flush` to be one of "per-event", "periodic", "every", "adaptive"'],
      [{ maxRecordBytes: 10 }, 'Expected `maxRecordBytes` to be an integer from 8192'],
      [{ disconnectSlowAfterMillis: 10 }, 'Expected `disconnectSlowAfterMillis` to be a number from 1000'],
      [{ traceUrl: 'https://traces.example/' }, 'Expected `traceUrl` to be an address of http or https'],
      [{ traceUrl: 'javascript:alert({trace_id})' }, 'Expected `traceUrl` to be an address of http or https'],
      [{ onListening: 1 }, 'Expected `onListening` to be a function'],
      [{ onDrop: 1 }, 'Expected `onDrop` to be a function'],
      [{ selfObsMeterProvider: {} }, 'Expected `selfObsMeterProvider` to be an object with getMeter()'],
    ] as const) {
      const make = (): unknown =>
        new LiveTailLogRecordExporter((options === null ? null : { port, ...options }) as never);
      expect(make).toThrow(message);
      expect(make).toThrow(/^(?!.*7654)/s);
    }
  });

  it('may be undefined', async () => {
    const left = { host: undefined, recent: { maxBytes: undefined }, clientBuffer: undefined, token: undefined };
    const { url } = await openExporter({ ...(left as object) });
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('may have the token as a secret', async () => {
    const { url } = await openExporter({ token: Secret.from('token', 'a-token-that-is-long') });
    expect(tokenOf(url)).toBe('a-token-that-is-long');
  });
});

describe('a port that is taken', () => {
  it('is told by the promise and the diagnostics, and records are taken all the same', async () => {
    const messages = captureDiagnostics();
    const port = await takenPort();
    const exporter = new LiveTailLogRecordExporter({ port });
    await expect(exporter.listening()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(messages.join()).toContain(
      `The live tail cannot listen on 127.0.0.1, port ${port}; port 0 takes a free one: Error: listen EADDRINUSE`,
    );
    expect(await exportTo(exporter, numbered(2))).toBe(0);
    expect(exporter.stats()).toMatchObject({ received: 2, passed: 2 });
    await exporter.shutdown();
  });
});

describe('the component provider', () => {
  it('makes the exporter of properties in a file', async () => {
    expect(componentProviders).toEqual([liveTailProvider]);
    const exporter = liveTailProvider.createComponent({
      port: 0,
      path: '/logs',
      token: 'a-token-of-the-file',
      allowed_hosts: ['logs.example'],
      flush: 'per_event',
      recent: { max_records: 10 },
      client_buffer: { max_size: 10, backpressure_threshold: 0.5 },
      disconnect_slow_after: 5000,
      trace_url: 'https://traces.example/{trace_id}',
    }) as LiveTailLogRecordExporter;
    onTestFinished(() => exporter.shutdown());
    const url = new URL(await exporter.listening());
    expect([url.pathname, url.hash]).toEqual(['/logs/', '#token=a-token-of-the-file']);
  });

  it('tells in the names of the file what is wrong, and starts nothing to find out', () => {
    const wrong = { client_buffer: { max_size: 0 } };
    const message = 'Expected `client_buffer.max_size` to be an integer';
    expect(() => liveTailProvider.createComponent(wrong)).toThrow(message);
    expect(() => liveTailProvider.checkProperties?.(wrong)).toThrow(message);
    expect(() => liveTailProvider.checkProperties?.({ flush: 'often' })).toThrow('Expected `flush` to be one of');
    liveTailProvider.checkProperties?.({});
  });

  it.each([
    [
      'its address where nobody can know the token',
      {},
      /^Live tail: http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}\n$/,
    ],
    [
      'its address without a token that somebody chose',
      { token: 'a-token-of-the-file' },
      /^Live tail: http:[^#]+\/\n$/,
    ],
    ['nothing where it shall not', { announce: false }, /^$/],
  ])('tells on the error output %s', async (_what, properties, expected) => {
    const output = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const exporter = liveTailProvider.createComponent({ port: 0, ...properties }) as LiveTailLogRecordExporter;
    onTestFinished(() => exporter.shutdown());
    await exporter.listening();
    expect(output.mock.calls.map(([text]) => text).join('')).toMatch(expected);
  });

  it('marks the token as a secret', () => {
    expect(liveTailProvider.schema).toMatchObject({ properties: { token: { writeOnly: true } } });
  });
});
