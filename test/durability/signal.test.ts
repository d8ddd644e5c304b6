import { describe, expect, it } from 'vitest';

import type { Child, Ending } from './child.ts';
import type { Place } from './place.ts';
import { linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const DEADLINE_MILLIS = 1000;
/** What the end may take beyond the deadline. */
const GRACE_MILLIS = 500;
/** Of so many runs one has to show it: on a machine that runs other tests at once, a process may wait for its turn. */
const RUNS = 3;
const COUNT = 2000;

const WORKER_PLACES: readonly Place[] = ['memory of a worker', 'file of a worker', 'file of the thread that logs'];

type Timed = Ending & { readonly millis: number };

/** Sends a signal and waits for the end. Answers how that came, and how long it took. */
async function endBy(child: Child, signal: NodeJS.Signals): Promise<Timed> {
  const begin = performance.now();
  child.kill(signal);
  const ending = await child.ended;
  return { ...ending, millis: ending.endedAt - begin };
}

function startFlushing(scene: Scene, place: Place, task: string): Child {
  return scene.start('ending-script.ts', { task, place, name: 'app', count: COUNT, crashFlushMillis: DEADLINE_MILLIS });
}

/** Ends an application whose requests hang, again and again until it takes no longer than it may. Answers all endings. */
async function endInTime(place: Place, task: string, signal: NodeJS.Signals): Promise<Timed[]> {
  const endings: Timed[] = [];
  while (endings.length < RUNS && !endings.some(({ millis }) => millis < DEADLINE_MILLIS + GRACE_MILLIS)) {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'hang' });
    const child = startFlushing(scene, place, task);
    await inMidFlush(scene, child);
    endings.push(await endBy(child, signal));
  }
  return endings;
}

/** Resolves when a request is under way. */
async function inMidFlush(scene: Scene, child: Child): Promise<void> {
  await child.line('ready');
  await expect.poll(() => scene.loki.pushCount, { timeout: 10_000, interval: 10 }).toBeGreaterThan(0);
}

describe('a signal while requests hang', { timeout: TIMEOUT_MILLIS }, () => {
  for (const place of WORKER_PLACES) {
    it.each(['SIGTERM', 'SIGINT'] as const)(
      `%s ends the process as that signal within the deadline and half a second, through a ${place}`,
      async (signal) => {
        const endings = await endInTime(place, 'live', signal);
        for (const ending of endings) expect(ending).toMatchObject({ code: null, signal });
        expect(endings.at(-1)?.millis).toBeLessThan(DEADLINE_MILLIS + GRACE_MILLIS);
      },
    );
  }

  it.each(WORKER_PLACES)(
    'that the application listens to is handled once, and ends as it decides (%s)',
    async (place) => {
      const endings = await endInTime(place, 'live and listen', 'SIGTERM');
      for (const ending of endings) {
        expect(ending).toMatchObject({ code: 3, signal: null });
        expect(ending.lines.filter((line) => line === 'handled')).toHaveLength(1);
      }
      expect(endings.at(-1)?.millis).toBeLessThan(DEADLINE_MILLIS + GRACE_MILLIS);
    },
  );

  it.each<Place>(['file of a worker', 'file of the thread that logs'])(
    'leaves what was not sent to a successor, and nothing is there twice (%s)',
    async (place) => {
      const scene = await Scene.open();
      // Stored, but never answered: nobody can know, and all that was in flight is sent once more.
      scene.loki.setFault(({ index }) => ({ kind: 'hang', store: index % 2 === 0 }));
      const child = startFlushing(scene, place, 'live');
      await inMidFlush(scene, child);
      await endBy(child, 'SIGTERM');
      scene.loki.setFault(undefined);
      await scene.deliverRest();
      expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
    },
  );

  it('lets a server that is slow but answers have everything before the deadline', async () => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'delay', millis: 200 });
    const child = startFlushing(scene, 'memory of a worker', 'live');
    await inMidFlush(scene, child);
    expect(await endBy(child, 'SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', COUNT).toSorted());
  });
});
