import { expect, test } from 'vitest';

import { LokiStandIn } from '../loki/index.ts';
import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const browser = new TabBrowser();
const scene = new Scene(browser);
/** Requests that may fail before the breaker opens: those that it counts, and those under way by then. */
const BEFORE_OPEN = 5 + 4;

test('a page that is offline for seconds sends at once when it is online again', async () => {
  const tab = await scene.open('/a', { batches: 'eager' });
  await browser.context.setOffline(true);
  try {
    await tab.emit(scene.next(2000));
    await expect.poll(async () => (await tab.recording()).requests.length).toBeGreaterThan(6);
    expect((await tab.recording()).requests.length).toBeLessThanOrEqual(BEFORE_OPEN + 2);
  } finally {
    await browser.context.setOffline(false);
  }
  await scene.expectAllArrived();
  const { requests, onlineMillis = NaN } = await tab.recording();
  const next = requests.find(({ millis }) => millis >= onlineMillis);
  // The breaker is open by now, and would have waited for seconds.
  expect((next?.millis ?? NaN) - onlineMillis).toBeLessThan(50);
});

test('a policy that forbids the endpoint ends the sending, and says so once', async () => {
  scene.site.connectSources = "'self'";
  const tab = await scene.open('/a', { batches: 'eager' });
  await tab.emit(scene.next(500));
  await expect.poll(async () => (await tab.diagMessages('error')).length).toBe(1);
  await tab.emit(scene.next(500));
  // A flush would try at once, where anything were to be tried.
  await tab.flush();
  const { violations } = await tab.recording();
  expect(violations).toHaveLength(1);
  expect(await tab.diagMessages('error')).toHaveLength(1);
  expect((await tab.diagMessages('error'))[0]).toMatch(/Content.Security.Policy|connect-src/i);
  const { exporter } = await tab.stats();
  expect(exporter).toMatchObject({ received: 1000, passed: 0, droppedTotal: 0, held: 1000 });
  await scene.expectBalanced();
  expect(scene.loki.pushCount).toBe(0);
});

test('what a policy held back, a later page sends that may', async () => {
  scene.site.connectSources = "'self'";
  const tab = await scene.open('/a', { batches: 'eager' });
  await tab.emit(scene.next(500));
  await expect.poll(async () => (await tab.recording()).violations.length).toBe(1);
  scene.site.connectSources = undefined;
  await tab.emitAndLeave([scene.next(500)], { to: scene.address('/b') });
  await scene.expectAllArrived();
});

test.each(['refused', 'not shared with this origin'])(
  'an endpoint that is %s is tried at the cadence of the breaker',
  async (what) => {
    const other = new LokiStandIn();
    await other.start();
    try {
      if (what === 'refused') await other.refuseConnections();
      const tab = await scene.open('/a', { batches: 'eager', pushUrls: [other.url] });
      const startedAt = performance.now();
      for (let round = 0; round < 4; round += 1) await tab.emit(scene.next(250));
      const requestCount = async (): Promise<number> => (await tab.recording()).requests.length;
      await expect.poll(requestCount).toBeGreaterThan(6);
      const seconds = (performance.now() - startedAt) / 1000;
      // Probes after 1 s, 2 s, 4 s ...
      expect(await requestCount()).toBeLessThanOrEqual(BEFORE_OPEN + Math.floor(Math.log2(seconds + 1)));
      expect((await tab.stats()).exporter).toMatchObject({ received: 1000, passed: 0, droppedTotal: 0, held: 1000 });
      await scene.expectBalanced();
    } finally {
      await other.close();
    }
  },
);
