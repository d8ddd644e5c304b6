import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LokiStandIn } from '@spillway/test/loki';
import { describe, expect, test } from 'vitest';

import { DemoRun } from './demo-run.ts';

function expectSum(run: DemoRun): void {
  expect(run.figure('delivered') + run.figure('dropped')).toBe(run.figure('emitted') + run.figure('created'));
  expect(run.figure('read back')).toBe(run.figure('delivered'));
  expect(run.output).toMatch(/\nunaccounted 0\n$/);
}

describe.concurrent('the demo', { timeout: 60_000 }, () => {
  test('accounts for every record through an outage of the stand-in', async ({ signal }) => {
    const run = new DemoRun(['--seconds', '3'], signal);
    expect(await run.end()).toBe(0);
    expect(run.complaint).toBe('');
    expect(run.output).toContain('The way to Loki is cut');
    expect(run.output).toContain('The way to Loki is open again');
    expect(run.figure('emitted')).toBeGreaterThan(100);
    expectSum(run);
    for (const stage of ['flight recorder', 'burst drop', 'sampling']) expect(run.stageDrops(stage)).toBeGreaterThan(0);
    for (const stage of ['fan-out', 'hybrid queue', 'Loki exporter']) expect(run.stageDrops(stage)).toBe(0);
  });

  test('sends the lines of a file to the Loki of LOKI_URL, each of them once', async ({ signal }) => {
    const loki = new LokiStandIn();
    const folder = await mkdtemp(join(tmpdir(), 'quickstart-'));
    const lines = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? `line ${index}` : 'error: the same again',
    );
    await writeFile(join(folder, 'some.log'), `${lines.join('\n')}\n`);
    const run = new DemoRun(['--seconds', '3', '--file', join(folder, 'some.log')], signal, {
      LOKI_URL: await loki.start(),
    });
    expect(await run.end()).toBe(0);
    const stored = loki.entries().map(({ line }) => line);
    await loki.close();
    await rm(folder, { recursive: true });
    expectSum(run);
    // The demo tells of the outage in two lines of its own.
    expect(stored.filter((line) => !line.startsWith('The way to Loki')).toSorted()).toEqual(lines.toSorted());
    expect(stored).toHaveLength(lines.length + 2);
  });

  test('finds out a backend that acknowledges what it does not store', async ({ signal }) => {
    const liar = createServer((request, response) => {
      request.resume();
      if (request.method === 'POST') response.writeHead(204).end();
      else response.end('{"data":{"result":[]}}');
    }).listen(0, '127.0.0.1');
    await once(liar, 'listening');
    const LOKI_URL = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    const run = new DemoRun(['--seconds', '2', '--rate', '20'], signal, { LOKI_URL });
    expect(await run.end()).toBe(1);
    liar.close();
    const delivered = run.figure('delivered');
    expect(delivered).toBeGreaterThan(0);
    expect(run.output).toMatch(new RegExp(`\\nunaccounted ${delivered}\\n$`));
  });

  test('ends early with the table when it is interrupted, in the middle of the outage', async ({ signal }) => {
    const run = new DemoRun(['--seconds', '10'], signal);
    await run.match(/The way to Loki is cut/);
    run.interrupt();
    expect(await run.end()).toBe(0);
    expectSum(run);
  });

  test.for([
    [['--seconds', 'soon'], 'Expected `--seconds` to be a number from 2 to 3600, got `soon`. Try --help.\n'],
    [['--file', '/does/not/exist.log'], expect.stringMatching(/^Cannot read the file: ENOENT.* Try --help\.\n$/)],
  ])('refuses %j with a message and exit code 2', async ([args, expected], { signal }) => {
    const run = new DemoRun(args, signal);
    expect(await run.end()).toBe(2);
    expect([run.output, run.complaint]).toEqual(['', expected]);
  });

  test('explains itself', async ({ signal }) => {
    const run = new DemoRun(['--help'], signal);
    expect(await run.end()).toBe(0);
    expect(run.output).toContain('Usage: npx --yes pnpm@12 demo [options]');
  });
});
