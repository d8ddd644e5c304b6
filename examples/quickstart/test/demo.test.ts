import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { LokiStandIn } from '@spillway/test/loki';
import { describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ending {
  readonly exitCode: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** Starts the demo as `pnpm demo` does, its output a pipe. */
function startDemo(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, ['--conditions=dev', main, ...args], { env: { ...process.env, ...environment } });
}

async function ending(demo: ChildProcess): Promise<Ending> {
  const [output, complaint, [exitCode]] = await Promise.all([
    text(demo.stdout as NodeJS.ReadableStream & AsyncIterable<string>),
    text(demo.stderr as NodeJS.ReadableStream & AsyncIterable<string>),
    once(demo, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, output, complaint };
}

/** The number behind a name in the table at the end. */
function figure(output: string, name: string): number {
  const [, value = 'absent'] = new RegExp(`^[ +=] ${name} +([\\d,]+)`, 'm').exec(output) ?? [];
  return Number(value.replaceAll(',', ''));
}

/** How many records a stage has dropped, by the table of stages. */
function stageDrops(output: string, stage: string): number {
  const [, value = 'absent'] = new RegExp(`^  ${stage} +[\\d,]+ +([\\d,]+)`, 'm').exec(output) ?? [];
  return Number(value.replaceAll(',', ''));
}

function expectSum(output: string): void {
  const [emitted, created, delivered, dropped, readBack] = [
    'emitted',
    'created',
    'delivered',
    'dropped',
    'read back',
  ].map((name) => figure(output, name)) as [number, number, number, number, number];
  expect(delivered + dropped).toBe(emitted + created);
  expect(readBack).toBe(delivered);
}

describe.concurrent('the demo', { timeout: 30_000 }, () => {
  test('accounts for every record through an outage of the stand-in', async () => {
    const { exitCode, output, complaint } = await ending(startDemo(['--seconds', '3']));
    expect(complaint).toBe('');
    expect(output).toContain('Loki closes its port');
    expect(output).toContain('Loki listens again');
    expect(output).toMatch(/\nunaccounted 0\n$/);
    expect(figure(output, 'emitted')).toBeGreaterThan(100);
    expectSum(output);
    for (const stage of ['flight recorder', 'burst drop', 'sampling'])
      expect(stageDrops(output, stage)).toBeGreaterThan(0);
    for (const stage of ['hybrid queue', 'Loki exporter']) expect(stageDrops(output, stage)).toBe(0);
    expect(exitCode).toBe(0);
  });

  test('sends the lines of a file to the Loki of LOKI_URL, each of them once', async () => {
    const loki = new LokiStandIn();
    const folder = await mkdtemp(join(tmpdir(), 'quickstart-'));
    const lines = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? `line ${index}` : 'error: the same again',
    );
    await writeFile(join(folder, 'some.log'), `${lines.join('\n')}\n`);
    const demo = startDemo(['--seconds', '3', '--file', join(folder, 'some.log')], { LOKI_URL: await loki.start() });
    const { exitCode, output } = await ending(demo);
    const stored = loki.entries();
    await loki.close();
    await rm(folder, { recursive: true });
    expect(output).toContain('outage simulated: fetch refuses to connect');
    expect(output).toMatch(/\nunaccounted 0\n$/);
    expect(stored.map(({ line }) => line).toSorted()).toEqual(lines.toSorted());
    expect(exitCode).toBe(0);
  });

  test('finds out a backend that acknowledges what it does not store', async () => {
    const liar = createServer((request, response) => {
      request.resume();
      if (request.method === 'POST') response.writeHead(204).end();
      else response.end('{"data":{"result":[]}}');
    }).listen(0, '127.0.0.1');
    await once(liar, 'listening');
    const LOKI_URL = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    const { exitCode, output } = await ending(startDemo(['--seconds', '2', '--rate', '20'], { LOKI_URL }));
    liar.close();
    const delivered = figure(output, 'delivered');
    expect(delivered).toBeGreaterThan(0);
    expect(output).toMatch(new RegExp(`\\nunaccounted ${delivered}\\n$`));
    expect(exitCode).toBe(1);
  });

  test('ends early with the table when it is interrupted, in the middle of the outage', async () => {
    const demo = startDemo(['--seconds', '10']);
    demo.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Loki closes its port')) demo.kill('SIGINT');
    });
    const { exitCode, output } = await ending(demo);
    expectSum(output);
    expect(output).toMatch(/\nunaccounted 0\n$/);
    expect(exitCode).toBe(0);
  });

  test.each([
    [['--seconds', 'soon'], 'Expected `--seconds` to be a number from 2 to 3600, got `soon`. Try --help.\n'],
    [['--file', '/does/not/exist.log'], expect.stringMatching(/^Cannot read the file: ENOENT.* Try --help\.\n$/)],
  ])('refuses %j with a message and exit code 2', async (args, expected) => {
    const { exitCode, output, complaint } = await ending(startDemo(args));
    expect({ exitCode, output, complaint }).toEqual({ exitCode: 2, output: '', complaint: expected });
  });

  test('explains itself', async () => {
    const { exitCode, output } = await ending(startDemo(['--help']));
    expect(output).toContain('Usage: npx --yes pnpm@12 demo [options]');
    expect(exitCode).toBe(0);
  });
});
