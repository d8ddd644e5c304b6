import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';

import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { describe, expect, it, onTestFinished } from 'vitest';

import { numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { TRANSPORTS, tokenOf, WATCH, watchEvents, watchSocket } from './watcher.ts';

const SOURCE = JSON.stringify(new URL('../src/index.ts', import.meta.url));

/** Before a program's text. */
const FLAGS = ['--conditions=dev', '--input-type=module', '--eval'];
/** A program takes its time to start, and a client is not read for a second before nobody waits for it. */
const SLOW = { timeout: 25_000 };

describe('a shutdown', () => {
  it.each(TRANSPORTS)('gives clients what there is, and says goodbye: %s', async (transport) => {
    const { exporter, url } = await openExporter({ flush: 'periodic' });
    const watcher = await WATCH[transport](url);
    await watcher.untilCount('hello', 1);
    exporter.export(numbered(100), () => {});
    await exporter.shutdown();
    await watcher.untilClosed();
    expect(watcher.count('record')).toBe(100);
    expect(watcher.events.at(-1)).toEqual({ type: 'bye', data: { reason: 'shutdown' } });
    expect(exporter.stats().clients).toMatchObject({ connected: 0, offered: 100, sent: 100, abandoned: 0 });
    await expect(WATCH[transport](url)).rejects.toThrow('ECONNREFUSED');
    expect(await exportTo(exporter, numbered(1))).toBe(1);
    expect(exporter.stats()).toMatchObject({ received: 100, passed: 100, held: 0 });
  });

  it.each(TRANSPORTS)('cuts off who does not read, within its deadline: %s', async (transport) => {
    const { exporter, url } = await openExporter();
    const [stalled, other] = [await WATCH[transport](url), await WATCH[transport](url)];
    stalled.stall();
    const records = numbered(100, 10_000);
    for (let batch = 0; batch < 10; batch += 1) await exportTo(exporter, records);
    const begin = performance.now();
    await exporter.shutdown({ timeoutMillis: 500 });
    expect(performance.now() - begin).toBeLessThan(5000);
    await other.untilClosed();
    expect(other.count('record')).toBe(1000);
    const { offered, sent, dropped, waiting, abandoned } = exporter.stats().clients;
    expect([offered, waiting]).toEqual([2000, 0]);
    expect(sent + dropped + abandoned).toBe(offered);
  });

  it('answers exports that wait for clients', async () => {
    const { exporter, url } = await openExporter();
    (await watchEvents(url)).stall();
    const records = numbered(100, 10_000);
    const answers = Array.from({ length: 15 }, () => exportTo(exporter, records));
    await exporter.shutdown({ timeoutMillis: 10 });
    expect(await Promise.all(answers)).toEqual(answers.map(() => 0));
  });

  it('ends before the server listens', async () => {
    const exporter = new LiveTailLogRecordExporter({ port: 0, host: 'localhost' });
    await exporter.shutdown();
    await expect(exporter.listening()).rejects.toThrow('shut down before');
    expect(exporter.url).toBeUndefined();
  });

  it('ends connections on which no request has come', async () => {
    const { exporter, url } = await openExporter();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    await (await watchEvents(url)).untilCount('hello', 1);
    await Promise.all([once(socket.resume(), 'close'), exporter.shutdown({ timeoutMillis: 60_000 })]);
    expect(exporter.stats().clients.connected).toBe(0);
  });
});

describe('a flush', () => {
  it('ends when those who read have everything', async () => {
    const { exporter, url } = await openExporter({ flush: 'periodic' });
    const watchers = [await watchEvents(url), await watchSocket(url)];
    for (const watcher of watchers) await watcher.untilCount('hello', 1);
    exporter.export(numbered(500, 2000), () => {});
    await exporter.forceFlush();
    expect(exporter.stats().clients).toMatchObject({ offered: 1000, sent: 1000 });
    await Promise.all(watchers.map((watcher) => watcher.untilCount('record', 500)));
  });

  it('does not wait for a client that has gone', async () => {
    const { exporter, url } = await openExporter();
    const watcher = await watchSocket(url);
    watcher.stall();
    for (let batch = 0; batch < 10; batch += 1) exporter.export(numbered(100, 10_000), () => {});
    const flushed = exporter.forceFlush({ timeoutMillis: 60_000 });
    watcher.close();
    await flushed;
    expect(exporter.stats().clients.abandoned).toBeGreaterThan(0);
  });
});

describe('a script', () => {
  it('ends by itself, with a client too, and its last records leave', SLOW, async () => {
    const program = `
      import { LiveTailLogRecordExporter } from ${SOURCE};
      const onListening = (url) => console.log(url);
      const exporter = new LiveTailLogRecordExporter({ port: 0, flush: 'periodic', onListening });
      while (exporter.stats().clients.connected === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      exporter.export([{ hrTime: [1, 0], body: 'the last line' }], () => {});`;
    const script = spawn(process.execPath, [...FLAGS, program], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void script.kill());
    const exit = once(script, 'exit');
    const [line] = (await once(script.stdout, 'data')) as [Buffer];
    const watcher = await watchEvents(line.toString().trim());
    await watcher.untilClosed();
    expect(watcher.of('record').map(({ body }) => body)).toEqual(['the last line']);
    expect(await exit).toEqual([0, null]);
  });

  it('is not kept running by a client that does not read', SLOW, async () => {
    const program = `
      import { connect } from 'node:net';
      import { LiveTailLogRecordExporter } from ${SOURCE};
      const exporter = new LiveTailLogRecordExporter({ port: 0 });
      const url = new URL(await exporter.listening());
      const socket = connect(Number(url.port), '127.0.0.1');
      const authorization = 'Authorization: Bearer ' + url.hash.slice('#token='.length);
      socket.write(['GET /events HTTP/1.1', 'Host: localhost', authorization, '', ''].join('\\r\\n'));
      await new Promise((resolve) => socket.once('readable', resolve));
      socket.unref();
      const body = 'x'.repeat(10_000);
      const records = Array.from({ length: 100 }, () => ({ hrTime: [1, 0], body }));
      for (let batch = 0; batch < 20; batch += 1) {
        await new Promise((resolve) => exporter.export(records, resolve));
      }
      console.log(exporter.stats().clients.dropped > 0);`;
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, program], { timeout: 20_000 });
    expect(stdout).toBe('true\n');
  });
});

describe('the address', () => {
  it('is told with the token, by three ways', async () => {
    const told: string[] = [];
    const { exporter, url } = await openExporter({ onListening: (address) => told.push(address) });
    expect([exporter.url, told]).toEqual([url, [url]]);
    expect(tokenOf(url)).toMatch(/^[\da-f]{32}$/);
    const own = await openExporter({ token: 'sixteen.letters-' });
    expect(tokenOf(own.url)).toBe('sixteen.letters-');
  });

  it('is one that a browser can go to', async () => {
    for (const [host, shown] of [
      ['0.0.0.0', '127.0.0.1'],
      ['::1', '[::1]'],
      ['localhost', /^(127\.0\.0\.1|\[::1\])$/],
    ] as const) {
      const { url } = await openExporter({ host });
      expect(new URL(url).hostname).toMatch(shown);
      await (await watchEvents(url)).untilCount('hello', 1);
    }
  });
});
