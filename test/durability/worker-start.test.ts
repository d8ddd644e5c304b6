import { workerDelivery } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { expect, it } from 'vitest';

import { makeRecords } from './exporting.ts';
import { linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 30_000;

it(
  'what is exported while the worker starts is in the account once, and arrives once',
  async () => {
    const scene = await Scene.open();
    const exporter = new LokiLogRecordExporter({ url: scene.loki.url, worker: workerDelivery() });
    let count = 0;
    for (; exporter.stats().passed === 0 || count % 100 > 0; count += 1) {
      exporter.export(makeRecords([`app ${count}`]), () => {});
      await new Promise((resolve) => setImmediate(resolve));
      const { held, droppedTotal } = exporter.stats();
      expect([held >= 0, droppedTotal]).toEqual([true, 0]);
    }
    await exporter.shutdown();
    expect(exporter.stats()).toMatchObject({ received: count, recovered: 0, passed: count, held: 0 });
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', count).toSorted());
  },
  TIMEOUT_MILLIS,
);
