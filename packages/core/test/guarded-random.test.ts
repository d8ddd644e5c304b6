import { guardedRandom } from '@spillway/core';
import { expect, it } from 'vitest';

it('random numbers of the application are taken, and replaced where they are none', () => {
  const answers: unknown[] = [0, 0.5, 1, -1, Number.NaN, 'x', undefined, Promise.reject(new Error('no'))];
  const random = guardedRandom(() => {
    if (answers.length === 0) throw new Error('no');
    return answers.shift() as number;
  });
  expect([random(), random()]).toEqual([0, 0.5]);
  for (let index = 0; index < 7; index += 1) {
    const drawn = random();
    expect(drawn >= 0 && drawn < 1).toBe(true);
  }
  expect(guardedRandom()()).toBeLessThan(1);
});
