import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Delivery, type DeliveryOptions, type Destination, fileOutbox, workerDelivery } from '@spillway/delivery';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { expectClosed } from '../conformance/ledger-check.ts';
import { recordDiag } from './diag-record.ts';
import { backend, DEATHS_PATH } from './dying-backend.ts';
import { encodeLines } from './line-encoding.ts';
import { filesIn, linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const PATIENCE = { timeout: 30_000, interval: 20 };
const COUNT = 50;

const PLACES: Readonly<Record<string, (directory: string) => DeliveryOptions>> = {
  'memory of a worker': () => ({ worker: workerDelivery() }),
  'file of a worker': (directory) => ({ outbox: fileOutbox({ directory }) }),
};

/** A destination whose worker finds the dying backend. */
function openDestination(scene: Scene, options: DeliveryOptions): Destination<string> {
  return attachTo(new Delivery({ backoff: { delayMillis: () => 5 }, ...options }), scene, 'dying-backend.ts');
}

function attachTo(delivery: Delivery, scene: Scene, module: string): Destination<string> {
  const destination = delivery.attach<string>({
    backend,
    backendUrl: new URL(module, import.meta.url).href,
    url: `${scene.loki.url}/loki/api/v1/push`,
    headers: {},
    encode: encodeLines,
    namespace: 'durability',
    componentType: 'DurabilityExporter',
  });
  onTestFinished(() => destination.shutdown({ timeoutMillis: 1000 }));
  return destination;
}

/** From now on workers die so, one after the other, each in its first request. */
function letWorkersDie(scene: Scene, ways: readonly string[]): void {
  const path = join(scene.folder, 'deaths');
  writeFileSync(path, ways.join(' '));
  vi.stubEnv(DEATHS_PATH, path);
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function expectAllDelivered(scene: Scene, destination: Destination<string>, count: number): Promise<void> {
  await expect.poll(() => destination.stats().passed, PATIENCE).toBe(count);
  expect(destination.stats()).toMatchObject({ received: count, recovered: 0, droppedTotal: 0, held: 0 });
  expectClosed(destination.stats());
  expect(scene.storedLines.toSorted()).toEqual(linesOf('line', count).toSorted());
}

describe.each(Object.entries(PLACES))('a worker that dies, with the payloads in the %s', (place, optionsFor) => {
  const outlives = place.includes('file');

  it.each([[['exit']], [['crash']], [['exit', 'crash', 'exit']]])(
    'is followed by another one, which delivers everything (%s)',
    async (ways) => {
      const scene = await Scene.open();
      const diag = recordDiag();
      letWorkersDie(scene, ways);
      const destination = openDestination(scene, optionsFor(scene.directory));
      destination.export(linesOf('line', COUNT), () => {});
      await expectAllDelivered(scene, destination, COUNT);
      expect(diag.errors).toHaveLength(1);
      await destination.shutdown();
      expect(filesIn(scene.directory)).toEqual([]);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'loses nothing of what is exported while there is none',
    async () => {
      const scene = await Scene.open();
      letWorkersDie(scene, ['exit', 'exit']);
      const destination = openDestination(scene, optionsFor(scene.directory));
      for (let index = 0; index < COUNT; index += 1) {
        destination.export([`line ${index}`], () => {});
        // A turn of the network: all of them are spread over the deaths.
        await fetch(`${scene.loki.url}/ready`).then((response) => response.text());
        expectClosed(destination.stats());
      }
      await expectAllDelivered(scene, destination, COUNT);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'is waited for by a flush and by a shutdown',
    async () => {
      const scene = await Scene.open();
      letWorkersDie(scene, ['exit', 'crash', 'exit']);
      const destination = openDestination(scene, optionsFor(scene.directory));
      destination.export(linesOf('line', COUNT), () => {});
      await Promise.all([destination.forceFlush(), destination.shutdown({ timeoutMillis: 20_000 })]);
      await expectAllDelivered(scene, destination, COUNT);
    },
    TIMEOUT_MILLIS,
  );

  it(
    'does not keep a flush or a shutdown from coming to their ends, whose records are accounted for',
    async () => {
      const scene = await Scene.open();
      letWorkersDie(scene, Array<string>(50).fill('exit'));
      const destination = openDestination(scene, optionsFor(scene.directory));
      await new Promise((answered) => destination.export(linesOf('line', COUNT), answered));
      await destination.forceFlush({ timeoutMillis: 1000 });
      expectClosed(destination.stats());
      await destination.shutdown({ timeoutMillis: 1000 });
      const stats = destination.stats();
      expectClosed(stats);
      expect(stats).toMatchObject({ received: COUNT, recovered: 0 });
      expect(outlives ? stats.dropped : stats.held).toEqual(outlives ? {} : 0);
    },
    TIMEOUT_MILLIS,
  );
});

describe('a worker whose program cannot be loaded', () => {
  it(
    'is done without: the thread that logs delivers, and one error says so',
    async () => {
      const scene = await Scene.open();
      const diag = recordDiag();
      const workerUrl = new URL('no-such-program.ts', import.meta.url);
      const destination = openDestination(scene, { worker: workerDelivery({ workerUrl }) });
      destination.export(linesOf('line', COUNT), () => {});
      await expectAllDelivered(scene, destination, COUNT);
      expect(diag.errors).toHaveLength(1);
      expect(diag.errors[0]).toContain('There is no worker');
    },
    TIMEOUT_MILLIS,
  );
});

it.each([
  ['is missing', 'no-such-program.ts'],
  ['never comes up', 'silent-worker.ts'],
])(
  'a worker whose program %s costs a process that ends at once nothing: its records are on disk',
  async (_why, program) => {
    const scene = await Scene.open();
    const diag = recordDiag();
    await scene.loki.refuseConnections();
    const workerUrl = new URL(program, import.meta.url);
    const outbox = fileOutbox({ directory: scene.directory });
    const destination = openDestination(scene, { worker: workerDelivery({ workerUrl }), outbox });
    destination.export(linesOf('line', COUNT), () => {});
    destination.flushSync(1000);
    expect(scene.outboxFiles()).toHaveLength(1);
    expect(destination.stats()).toMatchObject({ received: COUNT, held: COUNT });
    expect(diag.errors.filter((text) => text.includes('There is no worker'))).toHaveLength(1);
    // Where the process goes on after all, so does the delivery.
    await scene.loki.acceptConnections();
    await expectAllDelivered(scene, destination, COUNT);
  },
);

describe('a backend that a worker cannot load', () => {
  it(
    'is sent to by the thread that logs, and costs others on the same delivery nothing',
    async () => {
      const scene = await Scene.open();
      const diag = recordDiag();
      const delivery = new Delivery({ worker: workerDelivery() });
      const good = attachTo(delivery, scene, 'dying-backend.ts');
      await exportTo(good, linesOf('good', 5));
      const bad = attachTo(delivery, scene, 'no-such-backend.ts');
      bad.export(linesOf('bad', 5), () => {});
      await exportTo(good, linesOf('later', 5));
      // What was exported before the worker has said that it cannot goes the other way too.
      await expect.poll(() => bad.stats().passed, PATIENCE).toBe(5);
      await good.forceFlush();
      const lines = ['good', 'later', 'bad'].flatMap((name) => linesOf(name, 5));
      expect(scene.storedLines.toSorted()).toEqual(lines.toSorted());
      expect(diag.errors.filter((text) => text.includes('cannot send to a backend'))).toHaveLength(1);
      await Promise.all([bad.shutdown(), good.shutdown()]);
      expect(bad.stats()).toMatchObject({ passed: 5, droppedTotal: 0, held: 0 });
      expect(good.stats()).toMatchObject({ passed: 10, droppedTotal: 0, held: 0 });
    },
    TIMEOUT_MILLIS,
  );
});

function exportTo(destination: Destination<string>, lines: readonly string[]): Promise<unknown> {
  return new Promise((answered) => destination.export(lines, answered));
}
