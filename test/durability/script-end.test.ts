import { describe, expect, it } from 'vitest';

import type { Place } from './place.ts';
import { linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
/** Two batches of the hybrid processor, which exports them without waiting for more. */
const COUNT = 1024;
/** What the exporter may hold up the end of a process, when nobody is there to take its records. */
const EXIT_FLUSH_MILLIS = 2000;

const WORKER_PLACES: readonly Place[] = ['memory of a worker', 'file of a worker'];
const PLACES: readonly Place[] = [...WORKER_PLACES, 'file of the thread that logs'];

describe('a script that ends without a shutdown or a crash flush', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(PLACES)('has sent everything by then, through a %s', async (place) => {
    const scene = await Scene.open();
    const { code, errors } = await scene.start('ending-script.ts', {
      task: 'nothing more to do',
      place,
      name: 'app',
      count: COUNT,
    }).ended;
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
  });

  it.each(PLACES)(
    'has sent everything that it exported when it exits in mid-flight, or left it on disk: %s',
    async (place) => {
      const scene = await Scene.open();
      const child = scene.start('ending-script.ts', { task: 'live', place, name: 'app', count: COUNT });
      await child.line('ready');
      await expect.poll(() => scene.loki.pushCount, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      child.say('exit');
      expect((await child.ended).code).toBe(3);
      if (place !== 'memory of a worker') await scene.deliverRest();
      expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
    },
  );

  it.each(WORKER_PLACES)('ends soon though Loki is down, through a %s', async (place) => {
    const scene = await Scene.open();
    await scene.loki.refuseConnections();
    const child = scene.start('ending-script.ts', { task: 'live', place, name: 'app', count: COUNT });
    await child.line('ready');
    const begin = performance.now();
    child.say('exit');
    const { code, endedAt } = await child.ended;
    expect(code).toBe(3);
    expect(endedAt - begin).toBeLessThan(EXIT_FLUSH_MILLIS + 500);
  });

  it.each<Place>(['file of a worker', 'file of the thread that logs'])(
    'leaves its records to a successor where Loki is down, through a %s',
    async (place) => {
      const scene = await Scene.open();
      await scene.loki.refuseConnections();
      const { code } = await scene.start('ending-script.ts', {
        task: 'nothing more to do',
        place,
        name: 'app',
        count: COUNT,
      }).ended;
      expect(code).toBe(0);
      await scene.loki.acceptConnections();
      expect((await scene.deliverRest()).recovered).toBe(COUNT);
      expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
    },
  );
});

describe('a script that shuts down', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(PLACES)('ends by itself at once, and leaves no file behind: %s', async (place) => {
    const scene = await Scene.open();
    const child = scene.start('ending-script.ts', { task: 'shut down', place, name: 'app', count: COUNT });
    const left = Number((await child.line('left ')).slice('left '.length));
    expect(await child.ended).toMatchObject({ code: 0, errors: '' });
    expect(left).toBeLessThan(100);
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
    expect(scene.outboxFiles()).toEqual([]);
  });
});
