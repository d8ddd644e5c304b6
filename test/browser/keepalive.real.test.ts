import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());
const KEEPALIVE_BYTES = 60 * 1024;

test('ordinary requests are keepalive as well, and all of them together stay within 60 KiB', async () => {
  scene.loki.setFault({ kind: 'delay', millis: 300 });
  const tab = await scene.open('/a', { batches: 'eager' });
  for (let round = 0; round < 10; round += 1) await tab.emit(scene.next(200));
  await scene.cover();
  await scene.expectAllArrived();
  const { requests, keepaliveBytesAtMost } = await tab.recording();
  expect(requests.some(({ isKeepalive, within }) => isKeepalive && within === undefined)).toBe(true);
  expect(keepaliveBytesAtMost).toBeLessThanOrEqual(KEEPALIVE_BYTES);
});

test('two exporters in one page share the 60 KiB, and lose nothing', async () => {
  const pushUrls = [scene.loki.url, scene.loki.url];
  const tab = await scene.open('/a', { batches: 'queued', pushUrls });
  const emissions = [scene.next(1000), scene.next(1000, { pipeline: 1 })];
  await tab.emitAndLeave(emissions, { to: scene.address('/b', { pushUrls }) });
  const { requests, keepaliveBytesAtMost } = await tab.lastRecording();
  expect(requests.length).toBeGreaterThan(1);
  expect(keepaliveBytesAtMost).toBeGreaterThan(KEEPALIVE_BYTES / 2);
  expect(keepaliveBytesAtMost).toBeLessThanOrEqual(KEEPALIVE_BYTES);
  await scene.expectAllArrived();
});

test('a page that is left while requests are under way stays within 60 KiB', async () => {
  scene.loki.setFault({ kind: 'delay', millis: 500 });
  const tab = await scene.open('/a', { batches: 'web' });
  await tab.emit(scene.next(1000));
  await tab.emitAndLeave([scene.next(1000)], { to: scene.address('/b') });
  const { keepaliveBytesAtMost } = await tab.lastRecording();
  expect(keepaliveBytesAtMost).toBeLessThanOrEqual(KEEPALIVE_BYTES);
  await scene.expectAllArrived();
});
