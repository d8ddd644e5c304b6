import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import type { Tab } from './tab.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());

test('a page that is frozen while the server is down sends everything once it is thawed', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await scene.loki.refuseConnections();
  await tab.emit(scene.next(2000));
  await scene.cover();
  await tab.freeze();
  await scene.loki.acceptConnections();
  await tab.show();
  await scene.expectAllArrived();
  await expectOwnDelivered(tab, 2000);
});

test('what a frozen page holds is sent by another tab, and not again when it is thawed', async () => {
  const frozen = await scene.open('/a', { batches: 'queued' });
  await scene.loki.refuseConnections();
  await frozen.emit(scene.next(2000));
  await scene.cover();
  await frozen.freeze();
  await scene.loki.acceptConnections();
  const other = await scene.open('/b', { batches: 'queued' });
  await expect.poll(async () => (await other.stats()).exporter.passed).toBeGreaterThan(1000);
  await other.emit(scene.next(100));
  await frozen.show();
  await frozen.emit(scene.next(100));
  await Promise.all([frozen.flush(), other.flush()]);
  await scene.expectAllArrived();
  await expectTakenOverBalanced([frozen, other]);
});

test('a page that comes back out of the cache goes on logging', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  const born = await tab.bornMillis();
  await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b', { batches: 'queued' }) });
  await tab.emitAndLeave([scene.next(100)], 'back');
  expect(await tab.bornMillis()).toBe(born);
  const { events } = await tab.recording();
  expect(events).toContain('pagehide persisted');
  expect(events.at(-1)).toBe('pageshow persisted');
  // Until it has taken over what the other page has left: one that is given a lock after it was left is not kept.
  await scene.expectAllArrived();
  await tab.settled();
  await tab.emitAndLeave([scene.next(300)], { to: scene.address('/c', { batches: 'queued' }) });
  await tab.leave('back');
  expect(await tab.bornMillis()).toBe(born);
  await tab.emit(scene.next(50));
  await tab.flush();
  await scene.expectAllArrived();
});

test('what another page has sent meanwhile is not sent again by one that comes back', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  const born = await tab.bornMillis();
  await scene.loki.refuseConnections();
  await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b', { batches: 'queued' }) });
  await scene.loki.acceptConnections();
  await expect.poll(async () => (await scene.found()).length).toBe(2000);
  await tab.leave('back');
  expect(await tab.bornMillis()).toBe(born);
  await tab.emit(scene.next(100));
  await tab.flush();
  await scene.expectAllArrived();
});

test('a page that is frozen and thawed again and again loses nothing', async () => {
  const tab = await scene.open('/a');
  for (let round = 0; round < 3; round += 1) {
    await tab.emit(scene.next(330));
    const cover = await scene.cover();
    await tab.freeze();
    await tab.show();
    await cover.close();
  }
  await tab.flush();
  await scene.expectAllArrived();
  await expectOwnDelivered(tab, 990);
});

/** Nobody else was there to do it. */
async function expectOwnDelivered(tab: Tab, count: number): Promise<void> {
  expect((await tab.stats()).exporter).toMatchObject({ received: count, recovered: 0, passed: count, droppedTotal: 0 });
}

/** What one page lost to the other is what the other has gained. */
async function expectTakenOverBalanced(tabs: readonly Tab[]): Promise<void> {
  const accounts = await Promise.all(tabs.map(async (tab) => (await tab.stats()).exporter));
  const sum = (part: 'received' | 'recovered' | 'passed' | 'droppedTotal'): number =>
    accounts.reduce((total, account) => total + account[part], 0);
  expect(sum('recovered')).toBe(0);
  expect(sum('passed')).toBe(scene.emitted);
  expect(sum('droppedTotal')).toBe(0);
}
