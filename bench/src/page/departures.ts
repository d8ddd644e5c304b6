import { setTimeout } from 'node:timers/promises';

import { ChromiumTabs } from '@spillway/test/chromium-tabs';
import { bundlePageScript } from '@spillway/test/page-bundle';
import { RefusingServer } from '@spillway/test/refusing-server';
import type { Page } from 'playwright-core';

import { median } from '../median.ts';
import { machineLine, printTable } from '../table.ts';
import type { ContenderPage } from './contender-page.ts';
import { PageBackend } from './page-backend.ts';

/** What a page that is left has in its queue, and how many of it reach the backend: after the next page has had its time. */
const RECORDS = 2000;
const CONTENDERS = ['sdk batch, otlp', 'hybrid, otlp', 'hybrid, loki, memory', 'hybrid, loki, indexedDbOutbox'];
/** Pages settle before they log, and the next one has this long. */
const SETTLE_MILLIS = 700;
const NEXT_PAGE_MILLIS = 5000;

const rounds = Number(process.argv[2] ?? 3);
/** Without the back/forward cache a page that is left ends at once. */
const keepsPages = !process.argv.includes('--no-cache');
const script = await bundlePageScript(new URL('contender-page.ts', import.meta.url));
const site = new RefusingServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
  response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
});
const backend = new PageBackend();
const tabs = new ChromiumTabs({ keepsPages });
let emitted = 0;

interface Departed {
  readonly delivered: number;
  readonly listenerMillis: number;
}

type Leave = (page: Page, next: string) => Promise<Page>;

const scenes: Readonly<Record<string, Leave>> = {
  'another page': async (page, next) => {
    await emit(page, next);
    await page.waitForURL(next);
    return page;
  },
  'the tab closed': async (page, next) => {
    await emit(page);
    await page.close();
    return tabs.openTab(next);
  },
  'another tab': async (page) => {
    await emit(page);
    const other = await tabs.openTab('about:blank');
    await setTimeout(NEXT_PAGE_MILLIS);
    await other.close();
    return page;
  },
  'another page, in an outage': async (page, next) => {
    await backend.refuse();
    await emit(page, next);
    await page.waitForURL(next);
    await backend.accept();
    return page;
  },
};

async function emit(page: Page, to?: string): Promise<void> {
  await page.evaluate(
    ({ from, count, address }) => {
      const { page: contender } = globalThis as unknown as { readonly page: ContenderPage };
      // In a task of its own, so that this call is answered before the page is gone.
      if (address === undefined) contender.emit(from, count);
      else globalThis.setTimeout(() => contender.emit(from, count, address), 0);
    },
    { from: emitted, count: RECORDS, address: to },
  );
}

async function depart(contender: string, leave: Leave): Promise<Departed> {
  const query = new URLSearchParams({ contender, backend: backend.url });
  const address = (path: string): string => `${site.url}${path}?${query.toString()}`;
  const page = await tabs.openTab(address('/a'));
  await setTimeout(SETTLE_MILLIS);
  const next = await leave(page, address('/b'));
  await setTimeout(NEXT_PAGE_MILLIS);
  const listenerMillis = await next.evaluate(() => Number(localStorage.getItem('listener-millis')));
  await next.close();
  const delivered = backend.delivered(emitted, RECORDS);
  emitted += RECORDS;
  return { delivered, listenerMillis };
}

await Promise.all([site.accept(), backend.accept(), tabs.start()]);
const runs = new Map(CONTENDERS.map((name) => [name, new Map<string, Departed[]>()]));
for (let round = 0; round < rounds; round += 1) {
  for (const [scene, leave] of Object.entries(scenes)) {
    for (const contender of CONTENDERS) {
      const departed = await depart(contender, leave);
      const ofScene = runs.get(contender);
      ofScene?.set(scene, [...(ofScene.get(scene) ?? []), departed]);
      process.stderr.write(`round ${round + 1}/${rounds}, ${scene}, ${contender}: ${departed.delivered}\n`);
    }
  }
}
await tabs.stop();
await Promise.all([site.refuse(), backend.refuse()]);

console.log(machineLine());
console.log(
  `${RECORDS} queued records, then ...; delivered of them, medians of ${rounds} interleaved rounds, back/forward cache ${keepsPages ? 'on' : 'off'}\n`,
);
printTable(
  ['contender', ...Object.keys(scenes), 'listeners ms (another page)'],
  CONTENDERS.map((name) => {
    const figure = (scene: string, field: keyof Departed): number =>
      median((runs.get(name)?.get(scene) ?? []).map((departed) => departed[field]));
    const delivered = Object.keys(scenes).map((scene) => figure(scene, 'delivered').toLocaleString('en'));
    return [name, ...delivered, figure('another page', 'listenerMillis').toFixed(0)];
  }),
);
