import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());

test('a dedicated worker logs as a page does', async () => {
  const tab = await scene.open('/a', { place: 'worker', batches: 'eager' });
  await tab.emit(scene.next(1000));
  await scene.expectAllArrived();
  await tab.emit(scene.next(1000));
  await tab.flush();
  await scene.expectAllArrived();
  expect({ said: await tab.diagMessages(), failed: tab.failedRequests }).toEqual({ said: [], failed: [] });
});

test('what a worker had stored when it ended, the next page sends', async () => {
  const tab = await scene.open('/a', { place: 'worker', batches: 'eager' });
  await scene.loki.refuseConnections();
  await tab.emit(scene.next(2000));
  await expect.poll(async () => (await tab.stats()).processor.held).toBe(0);
  await tab.close();
  await scene.loki.acceptConnections();
  await scene.open('/b');
  await scene.expectAllArrived();
});
