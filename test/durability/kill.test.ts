import { describe, expect, it } from 'vitest';

import { flappingFault } from '../loki/index.ts';
import { seededRandom } from '../stand-in/seeded-random.ts';
import type { Place } from './place.ts';
import { linesOf, Scene } from './scene.ts';

const KILLS = 100;
/** Lines that a process has said at most before it is killed: two for each burst. */
const MAX_LINES = 50;
/** Share of the processes that are killed while they start; of all others the lines count from the first answer on. */
const EARLY_RATIO = 0.2;
/** Turns of the event loop that pass after the last of these lines, at most. */
const MAX_TURNS = 50;
const TIMEOUT_MILLIS = 400_000;

/** The records that lines of a process speak of: `<what> <first> <end>`. */
function recordsOf(name: string, lines: readonly string[], what: string): string[] {
  const ranges = lines.map((line) => line.split(' ')).filter(([kind]) => kind === what);
  return ranges.flatMap(([, first, end]) => linesOf(name, Number(end)).slice(Number(first)));
}

/** Starts an application that emits without end, and kills it at a random moment. Answers what it said until then. */
async function runUntilKilled(scene: Scene, name: string, place: Place, random: () => number): Promise<string[]> {
  let linesLeft = 1 + Math.floor(random() * MAX_LINES);
  let counts = random() < EARLY_RATIO;
  const turns = Math.floor(random() * MAX_TURNS);
  const child = scene.start(
    'burst-script.ts',
    { name, place, task: 'burst', seed: random() * 2 ** 32 },
    {
      onLine: (line) => {
        counts ||= line.startsWith('stored');
        if (counts) linesLeft -= 1;
        if (linesLeft === 0) void killAfter(turns);
      },
    },
  );
  async function killAfter(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
  }
  const { signal, lines, errors } = await child.ended;
  expect(errors).toBe('');
  expect(signal).toBe('SIGKILL');
  return [...lines];
}

/** Kills one process after the other, each of which takes over what the one before it has left. */
async function killMany(
  scene: Scene,
  place: Place,
  random: () => number,
): Promise<Record<'emitted' | 'stored', string[]>> {
  const emitted: string[] = [];
  const stored: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const name = `run-${kill}`;
    const lines = await runUntilKilled(scene, name, place, random);
    emitted.push(...recordsOf(name, lines, 'emitted'));
    stored.push(...recordsOf(name, lines, 'stored'));
  }
  return { emitted, stored };
}

const PLACES: readonly Place[] = ['file of a worker', 'file of the thread that logs'];

describe.concurrent('an application that is killed at random moments, again and again', () => {
  for (const place of PLACES) {
    it(
      `loses nothing that was answered with SUCCESS, and doubles nothing, through a ${place}`,
      async ({ onTestFinished }) => {
        const seed = Math.floor(Math.random() * 2 ** 32);
        const random = seededRandom(seed);
        const scene = await Scene.open(onTestFinished);
        scene.loki.setFault(flappingFault({ fault: { kind: 'status', status: 503 }, ratio: 0.5, seed }));
        const { emitted, stored } = await killMany(scene, place, random);
        scene.loki.setFault(undefined);
        const stats = await scene.deliverRest('last', place);
        const lines = scene.storedLines;
        const delivered = new Set(lines);
        expect(
          stored.filter((line) => !delivered.has(line)),
          `lost, with the seed ${seed}`,
        ).toEqual([]);
        expect(lines.length - delivered.size, `doubled, with the seed ${seed}`).toBe(0);
        const known = new Set(emitted);
        expect(
          lines.filter((line) => !known.has(line)),
          `never emitted, with the seed ${seed}`,
        ).toEqual([]);
        expect(stored.length).toBeGreaterThan(KILLS);
        expect(stats).toMatchObject({ received: 0, passed: stats.recovered, droppedTotal: 0, held: 0 });
      },
      TIMEOUT_MILLIS,
    );
  }
});
