import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { expectClosed } from '../conformance/ledger-check.ts';
import type { Child, ChildOptions } from './child.ts';
import type { Place } from './place.ts';
import { filesIn, linesOf, Scene, type Stats, statsOf } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const PATIENCE = { timeout: 20_000, interval: 20 };
const COUNT = 600;
/** Whoever runs the tests may be root, who may write everywhere. */
const NOBODY = 65_534;

const PLACES: readonly Place[] = ['file of a worker', 'file of the thread that logs'];

function start(scene: Scene, place: Place, options: ChildOptions = {}): Child {
  return scene.start('disk-script.ts', { task: '', place, name: 'app', count: COUNT }, options);
}

async function tellTo(child: Child, line: string): Promise<void> {
  child.forgetLines();
  child.say(line);
  await child.line(`done ${line}`);
}

async function statsNow(child: Child): Promise<Stats> {
  await tellTo(child, 'stats');
  return statsOf(await child.line('stats '));
}

/** Emits, and expects that Loki has it all. Answers the errors that an operator has read, each of them once. */
async function expectDelivered(scene: Scene, child: Child): Promise<string[]> {
  await child.line('ready');
  for (let round = 0; round < 3; round += 1) {
    child.say('emit');
    await expect.poll(() => scene.storedLines.length, PATIENCE).toBe((round + 1) * COUNT);
  }
  child.say('shutdown');
  const stats = statsOf(await child.line('stats '));
  const { code, errors, lines } = await child.ended;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expectClosed(stats);
  expect(stats).toMatchObject({ received: 3 * COUNT, passed: 3 * COUNT, droppedTotal: 0, held: 0 });
  expect(scene.storedLines.toSorted()).toEqual(linesOf('app', 3 * COUNT).toSorted());
  expect(lines.filter((line) => line.startsWith('uncaught'))).toEqual([]);
  const told = lines.filter((line) => line.startsWith('diag error'));
  expect(told).toEqual([...new Set(told)]);
  return told;
}

const heldInMemory = (line: string): boolean => line.includes('they are held in memory');

describe.each(PLACES)('a disk that cannot be used (%s)', { timeout: TIMEOUT_MILLIS }, (place) => {
  it('for lack of permission costs no record, and is told once', async () => {
    const scene = await Scene.open();
    scene.makeDirectory();
    chmodSync(scene.folder, 0o755);
    chownSync(scene.directory, NOBODY, NOBODY);
    chmodSync(scene.directory, 0o500);
    const errors = await expectDelivered(scene, start(scene, place, { user: NOBODY }));
    expect(errors.filter(heldInMemory)).toHaveLength(1);
    expect(filesIn(scene.directory)).toEqual([]);
  });

  it('because its directory cannot be made costs no record, and is told once', async () => {
    const scene = await Scene.open();
    chmodSync(scene.folder, 0o755);
    const errors = await expectDelivered(scene, start(scene, place, { user: NOBODY }));
    expect(errors.filter(heldInMemory)).toHaveLength(1);
  });

  it('because its directory is a symbolic link costs no record, and is told once', async () => {
    const scene = await Scene.open();
    const target = join(scene.folder, 'elsewhere');
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, scene.directory);
    const errors = await expectDelivered(scene, start(scene, place));
    expect(errors.filter(heldInMemory)).toHaveLength(1);
    expect(errors[0]).toContain('symbolic link');
    expect(filesIn(target)).toEqual([]);
  });

  it('because it is full from the start costs no record, and is told once', async () => {
    const scene = await Scene.open();
    const errors = await expectDelivered(scene, start(scene, place, { shell: 'ulimit -f 0' }));
    expect(errors.filter(heldInMemory)).toHaveLength(1);
  });
});

describe.each(PLACES)('a disk that fails while it is used (%s)', { timeout: TIMEOUT_MILLIS }, (place) => {
  it('because it is full costs no record, and is told once', async () => {
    const scene = await Scene.open();
    const told: string[] = [];
    scene.loki.setFault({ kind: 'status', status: 503 });
    // Blocks of 512 bytes: room for some payloads, not for all.
    const child = start(scene, place, { shell: 'ulimit -f 128', onLine: (line) => void told.push(line) });
    await child.line('ready');
    for (let round = 0; round < 20; round += 1) await tellTo(child, 'emit');
    const stats = await statsNow(child);
    expectClosed(stats);
    expect(stats).toMatchObject({ received: 20 * COUNT, passed: 0, droppedTotal: 0, held: 20 * COUNT });
    expect(told.filter(heldInMemory)).toHaveLength(1);
    scene.loki.setFault(undefined);
    // Its flush lets the circuit breaker try once more.
    await tellTo(child, 'emit');
    await expect.poll(() => scene.storedLines.length, PATIENCE).toBe(21 * COUNT);
    await tellTo(child, 'shutdown');
    expect(statsOf(await child.line('stats '))).toMatchObject({ passed: 21 * COUNT, droppedTotal: 0, held: 0 });
    const { code, errors } = await child.ended;
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', 21 * COUNT).toSorted());
  });

  it('because its directory is removed is used again once there is one', async () => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'status', status: 503 });
    const child = start(scene, place);
    await child.line('ready');
    await tellTo(child, 'emit');
    expect(scene.outboxFiles()).toHaveLength(1);
    await tellTo(child, 'remove directory');
    await tellTo(child, 'emit');
    expect(child.lines.filter((line) => line.startsWith('diag error'))).toHaveLength(1);
    await expect
      .poll(async () => {
        await tellTo(child, 'emit');
        return scene.outboxFiles().length;
      }, PATIENCE)
      .toBe(1);
    child.kill('SIGKILL');
    await child.ended;
    scene.loki.setFault(undefined);
    await scene.deliverRest();
    // What was on the disk that was removed is gone with the process; what came later is there.
    const delivered = new Set(scene.storedLines);
    expect(
      linesOf('app', 2 * COUNT)
        .slice(COUNT)
        .every((line) => delivered.has(line)),
    ).toBe(true);
    expect(scene.storedLines).toHaveLength(delivered.size);
  });
});

describe.each(PLACES)('a damaged file that is found at the start (%s)', { timeout: TIMEOUT_MILLIS }, (place) => {
  it.each([
    ['no database', 'something else'],
    ['empty', ''],
  ])('is no reason to fail: %s', async (_, content) => {
    const scene = await Scene.open();
    scene.makeDirectory();
    writeFileSync(join(scene.directory, `outbox-${'0'.repeat(16)}.sqlite`), content.repeat(1000), { mode: 0o600 });
    const errors = await expectDelivered(scene, start(scene, place));
    expect(errors).toHaveLength(content === '' ? 0 : 1);
  });

  it('is delivered as far as it can be read, and set aside', async () => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'status', status: 503 });
    const owner = scene.start('disk-script.ts', { task: '', place, name: 'owner', count: COUNT });
    for (let round = 0; round < 5; round += 1) await tellTo(owner, 'emit');
    await tellTo(owner, 'shutdown');
    await owner.ended;
    const [name = ''] = scene.outboxFiles();
    const path = join(scene.directory, name);
    const bytes = readFileSync(path);
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
    writeFileSync(path, bytes);
    scene.loki.setFault(undefined);
    const child = start(scene, place);
    await child.line('ready');
    await expect.poll(() => scene.outboxFiles(), PATIENCE).toEqual([]);
    await tellTo(child, 'shutdown');
    const stats = statsOf(await child.line('stats '));
    expectClosed(stats);
    expect(stats.recovered).toBeGreaterThan(0);
    expect(stats.held).toBe(0);
    expect((await child.ended).code).toBe(0);
    expect(filesIn(scene.directory).some((file) => file.includes('.damaged-'))).toBe(true);
  });
});
