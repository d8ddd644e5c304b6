import { test } from 'vitest';

import { Scene } from './scene.ts';
import { TabBrowser } from './tab-browser.ts';

/** Pages that are left end at once here: what they have not done by then, nobody does. */
const scene = new Scene(new TabBrowser({ keepsPages: false }));

test.each(['queued', 'web'] as const)(
  '2,000 records (%s), and the page ends while the server is down: the next one sends all of them',
  async (batches) => {
    const tab = await scene.open('/a', { batches });
    await scene.loki.refuseConnections();
    await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b') });
    await scene.loki.acceptConnections();
    await scene.expectAllArrived();
  },
);

test('pages that follow each other fast lose nothing', async () => {
  const tab = await scene.open('/0', { batches: 'queued' });
  for (let page = 1; page <= 10; page += 1) {
    await tab.emitAndLeave([scene.next(400)], { to: scene.address(`/${page}`, { batches: 'queued' }) });
  }
  await scene.expectAllArrived();
});

test('a page that ends while it reads its database loses nothing', async () => {
  const tab = await scene.open('/a', { batches: 'queued' });
  await tab.emit(scene.next(100));
  await tab.flush();
  await tab.page.evaluate(readBeforeEachTransaction);
  // Nothing but the database can have it then.
  await scene.loki.refuseConnections();
  await tab.emitAndLeave([scene.next(2000)], { to: scene.address('/b') });
  await scene.loki.acceptConnections();
  await scene.expectAllArrived();
});

test('a page that ends while another one uses the database loses nothing', async () => {
  const other = await scene.open('/other', { batches: 'eager' }, 'window');
  const tab = await scene.open('/a', { batches: 'queued' }, 'window');
  await scene.loki.refuseConnections();
  await other.emit(scene.next(1000));
  await tab.emitAndLeave([scene.next(2000)], 'close');
  await other.emit(scene.next(1000));
  await scene.loki.acceptConnections();
  await scene.expectAllArrived();
});

/**
 * Runs in the page: from now on other transactions stand before each of its own, as those with which it removes what it has
 * sent may stand before its last one. Where that one still waits when the page is gone, Chromium forgets it, committed or not.
 */
function readBeforeEachTransaction(): void {
  const prototype = IDBDatabase.prototype as unknown as {
    transaction: (this: IDBDatabase, ...arguments_: readonly unknown[]) => IDBTransaction;
  };
  const begin = prototype.transaction;
  prototype.transaction = function (...arguments_): IDBTransaction {
    for (let count = 0; count < 5; count += 1) {
      begin.call(this, ['heads', 'bodies'], 'readonly').objectStore('heads').getAllKeys();
    }
    return begin.call(this, ...arguments_);
  };
}
