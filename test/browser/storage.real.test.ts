import { expect, test } from 'vitest';

import type { PageConfig } from './page/page-config.ts';
import { Scene } from './scene.ts';
import type { Tab } from './tab.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());
/** Less than the empty database takes. */
const NO_QUOTA_BYTES = 1;
/** Enough for the database and for some records, too little for 2,000 as they are put when the page is hidden. */
const SMALL_QUOTA_BYTES = 300_000;

interface Case {
  readonly what: string;
  readonly open: () => Promise<Tab>;
}

const CASES: readonly Case[] = [
  { what: 'a sandboxed frame', open: () => scene.open('/sandbox') },
  { what: 'a database that may not be opened', open: () => scene.open('/a', { noDatabase: true }) },
  { what: 'a database of a later version', open: () => openWithLaterVersion({}) },
  { what: 'a full disk', open: () => openWithQuota(NO_QUOTA_BYTES, {}) },
];

test.each(CASES)('$what: records wait in memory, and everything arrives without an error', async ({ open }) => {
  const tab = await open();
  await tab.emit(scene.next(1000));
  await scene.loki.refuseConnections();
  await tab.emit(scene.next(1000));
  await expect.poll(async () => (await tab.stats()).processor.held).toBe(0);
  await scene.expectBalanced();
  await scene.loki.acceptConnections();
  await tab.flush();
  await scene.expectAllArrived();
  // Only an application that listens is told.
  expect((await tab.diagMessages('error'))[0]).toMatch(/outbox/i);
});

test.each(CASES)('$what: a hidden page sends what it has', async ({ open }) => {
  const tab = await open();
  await tab.emit(scene.next(2000));
  await scene.cover();
  await scene.expectAllArrived();
});

test('a quota that runs out costs no record of a page that lives', async () => {
  const tab = await openWithQuota(SMALL_QUOTA_BYTES, { batches: 'queued' });
  await tab.settled();
  await tab.emit(scene.next(500));
  await tab.flush();
  expect(await tab.diagMessages('error')).toEqual([]);
  await scene.loki.refuseConnections();
  await tab.emit(scene.next(2000));
  await scene.cover();
  await scene.expectBalanced();
  await expect.poll(async () => (await tab.diagMessages('error')).join('\n')).toMatch(/outbox .*QuotaExceededError/i);
  await scene.loki.acceptConnections();
  await tab.show();
  await scene.expectAllArrived();
});

async function openWithLaterVersion(config: Partial<PageConfig>): Promise<Tab> {
  const tab = await scene.open('/before', { ...config, outbox: 'memory' });
  await tab.page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('spillway-outbox', 1_000_000);
        request.addEventListener('error', () => reject(request.error as Error));
        request.addEventListener('success', () => {
          request.result.close();
          resolve();
        });
      }),
  );
  await tab.page.goto(scene.address('/a', config));
  return tab;
}

/** The quota is what it is before the page begins: how much room there is Chromium finds out once in half a minute. */
async function openWithQuota(quotaBytes: number, config: Partial<PageConfig>): Promise<Tab> {
  const tab = await scene.open('/before', { ...config, outbox: 'memory' });
  await tab.limitStorage(quotaBytes);
  await tab.page.goto(scene.address('/a', config));
  return tab;
}
