import { expect, test } from 'vitest';

import { DemoRun } from './demo-run.ts';

interface TailRecord {
  readonly offset: number;
  readonly body?: unknown;
}

/** The records of an event stream, in the order in which they came. */
function recordsOf(stream: string): TailRecord[] {
  const events = stream.split('\n\n').map((event) => event.split('\n'));
  return events
    .filter((lines) => lines.includes('event: record'))
    .map((lines) => JSON.parse(lines.find((line) => line.startsWith('data: '))?.slice('data: '.length) ?? ''));
}

test('the first line is the address of a page, and it sees the records through the outage', async ({ signal }) => {
  const run = new DemoRun(['--seconds', '3', '--wait', '20'], signal);
  const [, address = ''] = await run.match(/^Live page: (\S+)\n/);
  const { origin, hash, hostname } = new URL(address);
  const [, token] = /^#token=([0-9a-f]{32})$/.exec(hash) ?? [];
  expect(hostname).toBe('127.0.0.1');
  const ask = (path: string, headers = {}): Promise<Response> => fetch(origin + path, { headers });

  const page = await ask('/');
  expect([page.status, page.headers.get('Content-Type')]).toEqual([200, expect.stringContaining('text/html')]);
  await page.text();
  expect((await ask('/events')).status).toBe(401);
  expect((await ask('/events', { Authorization: `Bearer ${'0'.repeat(32)}` })).status).toBe(401);
  expect((await ask('/events', { Origin: 'http://elsewhere.example' })).status).toBe(403);

  const events = await ask('/events', { Authorization: `Bearer ${token}` });
  const [stream, exitCode] = await Promise.all([events.text(), run.end()]);
  expect(exitCode).toBe(0);
  expect(run.output).toMatch(/\nunaccounted 0\n$/);
  expect(run.figure('live page')).toBe(run.figure('emitted'));

  const records = recordsOf(stream);
  const [begin, end] = ['is cut', 'is open again'].map((text) =>
    records.findIndex(({ body }) => String(body).startsWith(`The way to Loki ${text}`)),
  ) as [number, number];
  expect(begin).toBeGreaterThan(0);
  expect(end).toBeGreaterThan(begin + 1);
  // The traffic waited for the page, so that none was missed.
  expect(records[0]?.offset).toBe(0);
}, 60_000);
