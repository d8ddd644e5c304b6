import { expect, test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

const scene = new Scene(new TabBrowser());

test('two tabs that both log, and one is closed: everything arrives', async () => {
  const first = await scene.open('/a', { batches: 'queued' }, 'window');
  const second = await scene.open('/b', { batches: 'queued' }, 'window');
  // Chromium gives a page that is closed half a second: here it shares two cores with others, and its code is not warm yet.
  await first.emit(scene.next(500));
  await first.flush();
  await second.emit(scene.next(1000));
  await first.emitAndLeave([scene.next(2000)], 'close');
  await second.emit(scene.next(1000));
  await second.flush();
  await scene.expectAllArrived();
});

test('two tabs share what a third has left that crashed, and neither sends what the other does', async () => {
  const one = await scene.open('/a', {}, 'window');
  const two = await scene.open('/b', {}, 'window');
  const third = await scene.open('/c', {}, 'window');
  await scene.loki.refuseConnections();
  await third.emit(scene.next(2000));
  // What is not on disk yet is lost with the process, as everywhere.
  await expect.poll(async () => (await third.stats()).processor.held).toBe(0);
  await third.crash();
  await scene.loki.acceptConnections();
  await scene.expectAllArrived();
  await scene.expectPushedOnce();
  const [first, second] = [(await one.stats()).exporter, (await two.stats()).exporter];
  expect(first.recovered + second.recovered).toBe(2000);
  expect(first.passed + second.passed).toBe(2000);
});

test('a tab in the background goes on sending while another one logs', async () => {
  const hidden = await scene.open('/a', { batches: 'eager' });
  const shown = await scene.open('/b', { batches: 'eager' });
  for (let round = 0; round < 5; round += 1) {
    await hidden.emit(scene.next(200));
    await shown.emit(scene.next(200));
  }
  await scene.expectAllArrived();
  await scene.expectPushedOnce();
});
