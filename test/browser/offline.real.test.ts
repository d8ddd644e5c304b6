import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const MINUTE_MILLIS = 60_000;
const STEP_MILLIS = 250;
/** Five failures open the breaker, with four more under way; then probes after 1, 2, 4, 8, 16 and 32 s. */
const REQUESTS_AT_MOST = 5 + 4 + 6;

const browser = new TabBrowser();
const scene = new Scene(browser);

test('offline for a minute: few requests meanwhile, and everything arrives at once afterwards', async () => {
  const tab = await scene.open('/a');
  // A minute of the page's timers and clocks. From now on: what is there has its own already.
  await tab.page.clock.install();
  await tab.page.reload();
  await tab.ready();
  await browser.context.setOffline(true);
  try {
    await tab.emit(scene.next(1000));
    for (let millis = 0; millis < MINUTE_MILLIS; millis += STEP_MILLIS) await tab.page.clock.runFor(STEP_MILLIS);
    await tab.emit(scene.next(1000));
    const { length: requestCount } = (await tab.recording()).requests;
    expect(requestCount).toBeGreaterThan(5);
    expect(requestCount).toBeLessThanOrEqual(REQUESTS_AT_MOST);
    await scene.expectBalanced();
  } finally {
    await browser.context.setOffline(false);
  }
  await tab.flush();
  await scene.expectAllArrived();
});
