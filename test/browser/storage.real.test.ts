import { expect, test } from 'vitest';

import type { PageConfig } from './page/page-config.ts';
import { Scene } from './scene.ts';
import type { Tab } from './tab.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());
/** Less than the empty database takes. */
const NO_QUOTA_BYTES = 1;

interface Case {
  readonly what: string;
  readonly open: () => Promise<Tab>;
}

const CASES: readonly Case[] = [
  { what: 'a sandboxed frame', open: () => scene.open('/sandbox') },
  { what: 'a database that may not be opened', open: () => scene.open('/a', { noDatabase: true }) },
  { what: 'a database of a later version', open: () => openWithLaterVersion({}) },
  { what: 'a full disk', open: () => openWithoutQuota({}) },
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
  const tab = await scene.open('/a', { batches: 'queued' });
  // Before anything is put: Chromium asks for half a minute no more how much room there is.
  await tab.limitStorage(NO_QUOTA_BYTES);
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

async function openWithoutQuota(config: Partial<PageConfig>): Promise<Tab> {
  const tab = await scene.open('/before', { ...config, outbox: 'memory' });
  await tab.limitStorage(NO_QUOTA_BYTES);
  await tab.page.goto(scene.address('/a', config));
  return tab;
}
