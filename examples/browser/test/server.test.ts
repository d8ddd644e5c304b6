import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Arrivals } from '../src/arrivals.ts';
import { ROOT } from './built-example.ts';

let server: ViteDevServer;
let address: string;

beforeAll(async () => {
  const port = { server: { port: 0, ws: false as const } };
  server = await createServer({ root: ROOT, logLevel: 'error', cacheDir: 'node_modules/.vite-test', ...port });
  await server.listen();
  address = server.resolvedUrls?.local[0] ?? '';
}, 60_000);
afterAll(() => server.close());

const arrivals = async (): Promise<Arrivals> =>
  (await (await fetch(new URL('/backend/arrivals', address))).json()) as Arrivals;

/** Pushes a line as a page does, through the server. */
async function push(line: string, pageView: string): Promise<number> {
  const values = [[`${Date.now()}000000`, line, { page_view_id: pageView, severity_text: 'INFO' }]];
  const response = await fetch(new URL('/loki/api/v1/push', address), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'web-shop' }, values }] }),
  });
  return response.status;
}

test('the server of the start script serves the pages and their programs', async () => {
  for (const path of ['/', '/about.html', '/src/main.ts', '/src/about.ts', '/src/style.css']) {
    expect([path, (await fetch(new URL(path, address))).status]).toEqual([path, 200]);
  }
});

test('what is pushed through the server arrives, unless Loki is away', async () => {
  expect(await push('one', 'a')).toBe(204);
  await fetch(new URL('/backend/away', address), { method: 'PUT' });
  expect((await arrivals()).isAway).toBe(true);
  expect(await push('lost on the way', 'a')).toBe(502);
  await fetch(new URL('/backend/away', address), { method: 'DELETE' });
  expect(await push('two', 'b')).toBe(204);
  const { total, byPageView, isAway, newest } = await arrivals();
  expect({ total, byPageView, isAway }).toEqual({ total: 2, byPageView: { a: 1, b: 1 }, isAway: false });
  expect(newest.map(({ line, severity, count }) => [line, severity, count])).toEqual([
    ['two', 'INFO', 1],
    ['one', 'INFO', 1],
  ]);
});

test('equal lines that came one after the other are shown as one', async () => {
  for (const view of ['c', 'd', 'e']) await push('again and again', view);
  expect((await arrivals()).newest[0]).toMatchObject({ line: 'again and again', count: 3 });
});
