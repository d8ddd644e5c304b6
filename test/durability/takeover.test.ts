import { describe, expect, it } from 'vitest';

import type { Child } from './child.ts';
import type { Place } from './place.ts';
import { linesOf, Scene, type Stats, statsOf } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const COUNT = 1000;
/** Processes look for files of ended ones once a second; the rest is for sending, and for the machine. */
const TAKEOVER_MILLIS = 2500;

const PLACES: readonly Place[] = ['file of a worker', 'file of the thread that logs'];

/** Starts an application that has records on disk, because Loki is down. */
async function startOwner(scene: Scene, place: Place, name: string): Promise<Child> {
  const owner = scene.start('serving-script.ts', { task: '', place, name, count: COUNT });
  owner.say('emit');
  await owner.line('done emit');
  return owner;
}

/** Starts an application that has no records of its own. */
async function startHeir(scene: Scene, place: Place, name = 'heir'): Promise<Child> {
  const heir = scene.start('serving-script.ts', { task: '', place, name, count: COUNT });
  await heir.line('ready');
  return heir;
}

/** Kills processes, lets Loki work again, and waits until it has as many lines. Answers how long that took. */
async function killAndWait(scene: Scene, owners: readonly Child[], lineCount: number): Promise<number> {
  const begin = performance.now();
  for (const owner of owners) owner.kill('SIGKILL');
  scene.loki.setFault(undefined);
  await expect.poll(() => scene.storedLines.length, { timeout: 10_000, interval: 20 }).toBe(lineCount);
  return performance.now() - begin;
}

async function end(child: Child): Promise<Stats> {
  child.say('shutdown');
  const stats = statsOf(await child.line('stats '));
  expect(await child.ended).toMatchObject({ code: 0, errors: '' });
  return stats;
}

describe('processes that share a directory', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(PLACES)(
    'leave the files of those that live alone, and take over from one that was killed (%s)',
    async (place) => {
      const scene = await Scene.open();
      scene.loki.setFault({ kind: 'status', status: 503 });
      const owner = await startOwner(scene, place, 'owner');
      const heir = await startHeir(scene, place);
      heir.say('emit');
      await heir.line('done emit');
      heir.say('stats');
      expect(statsOf(await heir.line('stats '))).toMatchObject({ received: COUNT, recovered: 0 });
      heir.forgetLines();
      await killAndWait(scene, [owner], 2 * COUNT);
      const stats = await end(heir);
      expect(stats).toMatchObject({ received: COUNT, recovered: COUNT, passed: 2 * COUNT, droppedTotal: 0, held: 0 });
      expect(scene.storedLines.toSorted()).toEqual([...linesOf('owner', COUNT), ...linesOf('heir', COUNT)].toSorted());
      expect(scene.outboxFiles()).toEqual([]);
    },
  );

  it.each(PLACES)('take over within two seconds or so from two that were killed at once (%s)', async (place) => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'status', status: 503 });
    const owners = await Promise.all([startOwner(scene, place, 'one'), startOwner(scene, place, 'two')]);
    const heir = await startHeir(scene, place);
    expect(await killAndWait(scene, owners, 2 * COUNT)).toBeLessThan(TAKEOVER_MILLIS);
    const stats = await end(heir);
    expect(stats).toMatchObject({ received: 0, recovered: 2 * COUNT, passed: 2 * COUNT, droppedTotal: 0, held: 0 });
    expect(scene.storedLines.toSorted()).toEqual([...linesOf('one', COUNT), ...linesOf('two', COUNT)].toSorted());
    expect(scene.outboxFiles()).toEqual([]);
  });

  it.each(PLACES)('of two that live, each record of a dead one is taken over by one only (%s)', async (place) => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'status', status: 503 });
    const owner = await startOwner(scene, place, 'owner');
    const heirs = await Promise.all([startHeir(scene, place, 'heir'), startHeir(scene, place, 'other')]);
    await killAndWait(scene, [owner], COUNT);
    const stats = await Promise.all(heirs.map((heir) => end(heir)));
    expect(stats.map(({ recovered }) => recovered).toSorted((a, b) => a - b)).toEqual([0, COUNT]);
    expect(stats.map(({ passed }) => passed).toSorted((a, b) => a - b)).toEqual([0, COUNT]);
    expect(stats.map(({ droppedTotal, held }) => droppedTotal + held)).toEqual([0, 0]);
    expect(scene.outboxFiles()).toEqual([]);
  });
});
