import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Child } from './child.ts';
import type { Place } from './place.ts';
import { filesIn, linesOf, Scene } from './scene.ts';

const TIMEOUT_MILLIS = 60_000;
const COUNT = 3;
const PLACES: readonly Place[] = ['memory of a worker', 'file of a worker'];
const FILE_PLACES: readonly Place[] = ['file of a worker', 'file of the thread that logs'];

async function start(scene: Scene, place: Place): Promise<Child> {
  const child = scene.start('secrets-script.ts', { task: '', place, name: 'app', count: COUNT });
  await child.line('ready');
  return child;
}

async function tellTo(child: Child, line: string): Promise<void> {
  child.forgetLines();
  child.say(line);
  await child.line(`done ${line}`);
}

/** The tokens of all requests, in the order in which these arrived. */
function tokens(scene: Scene): string[] {
  return scene.loki.requests.map(({ headers }) => String(headers.authorization));
}

describe('a bearer token that takes time to be had', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(PLACES)('is asked for anew for each request of the worker (%s)', async (place) => {
    const scene = await Scene.open();
    const child = await start(scene, place);
    for (let round = 0; round < 4; round += 1) await tellTo(child, 'emit');
    await tellTo(child, 'shutdown');
    expect((await child.ended).code).toBe(0);
    const sent = tokens(scene);
    expect(sent.every((token) => /^Bearer secret-token-\d+$/.test(token))).toBe(true);
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent.length).toBeGreaterThanOrEqual(4);
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', 4 * COUNT).toSorted());
  });

  it.each(PLACES)('is the last one there was where the process exits and can give no other (%s)', async (place) => {
    const scene = await Scene.open();
    const child = await start(scene, place);
    await tellTo(child, 'emit');
    child.say('emit and exit');
    const asked = await child.line('asked ');
    expect((await child.ended).code).toBe(3);
    expect(tokens(scene).at(-1)).toBe(`Bearer secret-token-${asked.slice('asked '.length)}`);
    expect(scene.storedLines.toSorted()).toEqual(linesOf('app', 2 * COUNT).toSorted());
  });
});

describe('secrets', { timeout: TIMEOUT_MILLIS }, () => {
  it.each(FILE_PLACES)('are in no file of the outbox (%s)', async (place) => {
    const scene = await Scene.open();
    scene.loki.setFault({ kind: 'status', status: 503 });
    const child = await start(scene, place);
    for (let round = 0; round < 4; round += 1) await tellTo(child, 'emit');
    child.kill('SIGKILL');
    await child.ended;
    expect(tokens(scene).some((token) => token.includes('secret-token'))).toBe(true);
    const files = filesIn(scene.directory);
    expect(files.length).toBeGreaterThan(0);
    const bytes = files.map((file) => readFileSync(join(scene.directory, file), 'latin1')).join('\n');
    expect(bytes).toContain('tenant');
    expect(bytes).not.toMatch(/secret|Bearer/i);
    expect(bytes).not.toContain(new URL(scene.loki.url).port);
  });
});
