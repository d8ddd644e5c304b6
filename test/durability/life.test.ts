import { describe, expect, it, onTestFinished } from 'vitest';

import type { LokiLogRecordExporter } from '@spillway/exporter-loki';

import { expectClosed } from '../conformance/ledger-check.ts';
import { expectNothingLeft, settle } from '../conformance/process-watch.ts';
import { makeRecords, openExporter } from './exporting.ts';
import type { Place } from './place.ts';
import { linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const COUNT = 100;
const PLACES: readonly Place[] = ['memory of a worker', 'file of a worker', 'file of the thread that logs'];

function open(scene: Scene, place: Place): LokiLogRecordExporter {
  const { url } = scene.loki;
  const exporter = openExporter({ url, place, directory: scene.directory, name: 'life', task: '' });
  onTestFinished(() => exporter.shutdown({ timeoutMillis: 1000 }));
  return exporter;
}

function exportLines(exporter: LokiLogRecordExporter, lines: readonly string[]): Promise<Error | undefined> {
  return new Promise((resolve) => exporter.export(makeRecords(lines), ({ error }) => resolve(error)));
}

describe.each(PLACES)('an exporter that holds its records in the %s', { timeout: TIMEOUT_MILLIS }, (place) => {
  it('answers a hundred flushes at once, each when everything before it is stored', async () => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'delay', millis: 20 });
    const exporter = open(scene, place);
    const missing = linesOf('line', COUNT).map(async (line) => {
      void exportLines(exporter, [line]);
      await exporter.forceFlush();
      return scene.storedLines.includes(line) ? [] : [line];
    });
    expect((await Promise.all(missing)).flat()).toEqual([]);
    expect(exporter.stats()).toMatchObject({ received: COUNT, passed: COUNT, held: 0 });
  });

  it('is shut down once, however often it is asked to, also in the middle of flushes', async () => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'delay', millis: 50 });
    const exporter = open(scene, place);
    const exported = exportLines(exporter, linesOf('line', COUNT));
    const flushing = [exporter.forceFlush(), exporter.forceFlush()];
    const first = exporter.shutdown();
    expect(exporter.shutdown()).toBe(first);
    const late = exporter.forceFlush();
    await first;
    expect(await exported).toBeUndefined();
    expect(scene.storedLines).toHaveLength(COUNT);
    await Promise.all([...flushing, late, exporter.forceFlush()]);
    expectClosed(exporter.stats());
    expect(exporter.stats()).toMatchObject({ received: COUNT, passed: COUNT, droppedTotal: 0, held: 0 });
  });

  it('refuses what comes after its shutdown, and counts nothing of it', async () => {
    const scene = await Scene.open();
    const exporter = open(scene, place);
    await exporter.shutdown();
    expect((await exportLines(exporter, ['late']))?.name).toBe('ShutdownError');
    await exporter.forceFlush();
    exporter.flushSync(1000);
    expect(exporter.stats()).toMatchObject({ received: 0, held: 0 });
    expect(scene.loki.pushCount).toBe(0);
    expect(scene.outboxFiles()).toEqual([]);
  });

  it.each(['works', 'is down', 'hangs'])('leaves nothing behind when Loki %s', async (how) => {
    const scene = await Scene.open();
    if (how === 'is down') await scene.loki.refuseConnections();
    if (how === 'hangs') scene.loki.setFault({ kind: 'hang' });
    await expectNothingLeft(async () => {
      const { url } = scene.loki;
      const exporter = openExporter({ url, place, directory: scene.directory, name: 'life', task: '' });
      await exportLines(exporter, linesOf('line', COUNT));
      await exporter.shutdown({ timeoutMillis: 500 });
      expectClosed(exporter.stats());
      // The server's end of a connection is in this process too.
      await scene.loki.close();
      await settle();
    });
  });
});
