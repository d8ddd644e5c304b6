import type { DeadlineOptions } from '@spillway/core';
import { expect, test } from 'vitest';
import { openDelivery } from './open-delivery.ts';
import { LineServer } from './test-backend.ts';
import { nextTurn, pass, stopTime } from './test-clock.ts';

const throwing = {
  get timeoutMillis(): number {
    throw new Error('a getter of the caller');
  },
};

test.each<[what: string, options: unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text in place of options', '10'],
  ['NaN', { timeoutMillis: Number.NaN }],
  ['less than nothing', { timeoutMillis: -1 }],
  ['a text', { timeoutMillis: '10' }],
  ['null as the time', { timeoutMillis: null }],
  ['a getter that throws', throwing],
])('with %s for a budget a flush has 30 s and a shutdown 5 s, and neither throws', async (_what, given) => {
  const options = given as DeadlineOptions;
  const server = await LineServer.start(() => () => {});
  stopTime();
  const opened = openDelivery(server);
  await opened.export('a');
  const ended: string[] = [];
  const flush = opened.destination.forceFlush(options).then(() => ended.push('flush'));
  await nextTurn();
  await pass(29_999);
  expect(ended).toEqual([]);
  await pass(1);
  await flush;
  const shutdown = opened.destination.shutdown(options).then(() => ended.push('shutdown'));
  await nextTurn();
  await pass(4999);
  expect(ended).toEqual(['flush']);
  await pass(1);
  await shutdown;
  expect(opened.destination.stats()).toMatchObject({ dropped: { shutdown: 1 }, held: 0 });
});
