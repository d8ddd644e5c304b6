import { describe, expect, it } from 'vitest';

import { crashAll, firstLines, times } from './crashes.ts';
import { Scene } from './scene.ts';

describe('a fatal record right before process.exit()', { timeout: 300_000 }, () => {
  it('reaches Loki through a worker, a hundred times out of a hundred, and the exit code is kept', async () => {
    const scene = await Scene.open();
    const crashes = times(100, { task: 'exit at once', place: 'memory of a worker' });
    expect(await crashAll(scene, crashes)).toEqual([3]);
    expect(scene.storedLines.toSorted()).toEqual(firstLines(crashes).toSorted());
  });
});
