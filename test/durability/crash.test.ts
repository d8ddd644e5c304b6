import { describe, expect, it } from 'vitest';

import { type Crash, crashAll, firstLines, times } from './crashes.ts';
import { Scene } from './scene.ts';

const TIMEOUT_MILLIS = 120_000;
describe('a fatal record right before the end of the process', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(['throw at once', 'reject at once'])('reaches Loki through a worker at a crash: %s', async (task) => {
    const scene = await Scene.open();
    const crashes = times(5, { task, place: 'memory of a worker' });
    expect(await crashAll(scene, crashes)).toEqual([1]);
    expect(scene.storedLines.toSorted()).toEqual(firstLines(crashes).toSorted());
  });

  it.each(['sampling', 'ring buffer', 'burst drop', 'fan-out', 'all'])(
    'passes decorators on its way to the worker: %s',
    async (decorators) => {
      const scene = await Scene.open();
      const crashes = ['exit at once', 'throw at once', 'reject at once'].map((task): Crash => ({
        task,
        name: task,
        decorators,
        place: 'memory of a worker',
      }));
      await crashAll(scene, crashes);
      expect(scene.storedLines.toSorted()).toEqual(firstLines(crashes).toSorted());
    },
  );

  it.each(['exit at once', 'throw at once', 'reject at once'])(
    'is on disk without a worker, and is delivered by a successor: %s',
    async (task) => {
      const scene = await Scene.open();
      const crashes = times(5, { task, place: 'file of the thread that logs' });
      await crashAll(scene, crashes);
      const before = scene.storedLines.length;
      const { recovered } = await scene.deliverRest();
      expect(scene.storedLines.toSorted()).toEqual(firstLines(crashes).toSorted());
      expect(before).toBe(0);
      expect(recovered).toBe(5);
    },
  );

  it.each(['exit at once', 'throw at once', 'reject at once'])(
    'is on disk through a worker while Loki is down, and is delivered by a successor: %s',
    async (task) => {
      const scene = await Scene.open();
      await scene.loki.refuseConnections();
      const crashes = times(3, { task, place: 'file of a worker' });
      await crashAll(scene, crashes);
      await scene.loki.acceptConnections();
      const { recovered } = await scene.deliverRest();
      expect(scene.storedLines.toSorted()).toEqual(firstLines(crashes).toSorted());
      expect(recovered).toBe(3);
    },
  );
});
