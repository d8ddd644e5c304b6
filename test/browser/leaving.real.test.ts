import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());
const ERROR = 17;
const KEEPALIVE_BYTES = 60 * 1024;

test.each(['queued', 'web'] as const)(
  '2,000 records (%s), then another page of the origin: all arrive, each once',
  async (batches) => {
    const tab = await scene.open('/a', { batches });
    await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b') });
    await scene.expectAllArrived();
    const { listenerMillis, requests, keepaliveBytesAtMost } = await tab.lastRecording();
    const millis = listenerMillis.map(([event, time]) => `${event} ${time.toFixed(1)} ms`).join(', ');
    // oxlint-disable-next-line eslint/no-console
    console.log(
      `2,000 records, ${batches}: ${millis}; ${requests.length} requests, keepalive ${keepaliveBytesAtMost} B`,
    );
    expect(keepaliveBytesAtMost).toBeGreaterThan(0);
    expect(keepaliveBytesAtMost).toBeLessThanOrEqual(KEEPALIVE_BYTES);
  },
);

test.each(['queued', 'web'] as const)(
  '2,000 records (%s), the tab is closed: the next page sends what is left',
  async (batches) => {
    const tab = await scene.open('/a', { batches });
    await tab.emitAndLeave([scene.next(2000)], 'close');
    // What left by itself: the closed tab says nothing any more, so that only its requests can tell.
    await expect.poll(async () => (await scene.found()).length).toBeGreaterThan(100);
    await expect.poll(() => scene.loki.requests.filter(({ status }) => status === undefined)).toEqual([]);
    await scene.expectPushedOnce();
    const { length: foundBefore } = await scene.found();
    const next = await scene.open('/b');
    await scene.expectAllArrived();
    const { recovered } = (await next.stats()).exporter;
    // oxlint-disable-next-line eslint/no-console
    console.log(`2,000 records, ${batches}, closed: ${foundBefore} arrived at once, the next page found ${recovered}`);
  },
);

test('2,000 queued records, then another tab is chosen: all arrive from the hidden page', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await tab.emit(scene.next(2000));
  await scene.cover();
  await scene.expectAllArrived();
  expect((await tab.recording()).events).toEqual(['pageshow fresh', 'hidden']);
  await scene.expectPushedOnce();
});

test('2,000 queued records, then a reload: all arrive', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await tab.emitAndLeave([scene.next(2000)], 'reload');
  await scene.expectAllArrived();
});

test('a server that is down while the page is left gets everything from a later page', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await scene.loki.refuseConnections();
  await tab.emitAndLeave([scene.next(2000)], 'close');
  const next = await scene.open('/b');
  await expect.poll(async () => (await next.stats()).exporter.recovered).toBe(2000);
  await scene.expectBalanced();
  await scene.loki.acceptConnections();
  await scene.expectAllArrived();
});

test('a page that is hidden and then left sends nothing twice', async () => {
  scene.loki.setFault({ kind: 'delay', millis: 500 });
  const tab = await scene.open('/a', { batches: 'queued' });
  await tab.emit(scene.next(2000));
  const cover = await scene.cover();
  await expect.poll(async () => (await tab.recording()).requests.length).toBeGreaterThan(0);
  // While its requests have no answer yet.
  await tab.close();
  await expect.poll(async () => (await scene.found()).length).toBeGreaterThan(100);
  await scene.expectPushedOnce();
  await cover.close();
  await scene.open('/b');
  await scene.expectAllArrived();
});

test('the sending begins before the page is told of anything else', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b') });
  const { requests, events } = await tab.lastRecording();
  expect(events.slice(0, 3)).toEqual(['pageshow fresh', 'pagehide persisted', 'hidden']);
  // What does not fit follows on its own, in case that the page lives on.
  const first = requests.filter(({ isKeepalive }) => isKeepalive);
  expect(first.length).toBeGreaterThan(0);
  expect(requests.slice(0, first.length)).toEqual(first);
  expect(new Set(first.map(({ within }) => within))).toEqual(new Set(['pagehide persisted']));
  await scene.expectAllArrived();
});

test.each(['memory', 'indexed-db'] as const)(
  'the newest and the most severe leave with the page (%s), without a next one',
  async (outbox) => {
    const tab = await scene.open('/a', { batches: 'queued', outbox });
    const errors = [scene.next(5, { severity: ERROR })];
    const infos = scene.next(2000);
    await tab.emitAndLeave([...errors, infos], 'close');
    await expect.poll(async () => (await scene.found()).length).toBeGreaterThan(100);
    const found = await scene.found();
    expect(found.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(found.at(-1)).toBe(scene.emitted - 1);
    await scene.expectPushedOnce();
  },
);

test('without storage, what fits into 60 KiB leaves with the page', async () => {
  const tab = await scene.open('/a', { batches: 'queued', outbox: 'memory' });
  await tab.emitAndLeave([scene.next(120)], 'close');
  await scene.expectAllArrived();
});

test('`unload` and `beforeunload` are not listened to', async () => {
  const tab = await scene.open('/a');
  await tab.emit(scene.next(10));
  await tab.flush();
  const { listenedTo } = await tab.recording();
  expect(listenedTo).toContain('pagehide');
  expect(listenedTo.filter((type) => type.endsWith('unload'))).toEqual([]);
  await scene.expectAllArrived();
});

test('with `disableAutoFlushOnDocumentHide` a hidden page keeps what is queued', async () => {
  const tab = await scene.open('/a', { batches: 'queued', disableAutoFlushOnDocumentHide: true });
  await tab.emit(scene.next(200));
  await scene.cover();
  await expect.poll(async () => (await tab.recording()).events).toContain('hidden');
  expect((await tab.recording()).requests).toEqual([]);
  expect((await tab.stats()).processor.held).toBe(200);
  await tab.flush();
  await scene.expectAllArrived();
});
