import { expect, test } from 'vitest';
import { KeptPayloads } from '../../src/worker/kept-payloads.ts';
import { testPayload } from '../test-payload.ts';

function payload(takenAtMillis: number, destinationId = 'lines'): ReturnType<typeof testPayload> {
  return testPayload({ takenAtMillis, destinationId });
}

const timesOf = (kept: KeptPayloads): number[] => kept.handedTo('lines').map((one) => one.payload.takenAtMillis);

test('a new worker is given what the one before it had, oldest first, whatever came last', () => {
  const kept = new KeptPayloads();
  for (const [id, millis] of [
    [1, 10],
    [2, 20],
    [3, 30],
  ] as const)
    kept.add(id, payload(millis));
  // The first one is cut in two.
  kept.add(4, payload(10));
  kept.add(5, payload(10));
  kept.remove(1);
  kept.add(6, payload(5, 'other'));
  kept.handOver();
  expect(timesOf(kept)).toEqual([10, 10, 20, 30]);
  expect([kept.recordsOf('lines'), kept.recordsOf('other')]).toEqual([4, 1]);
});

test('one that dies while it is given them leaves all of them to the next, in the same order', () => {
  const kept = new KeptPayloads();
  for (const millis of [10, 20, 30]) kept.add(millis, payload(millis));
  kept.handOver();
  const [oldest] = kept.handedTo('lines');
  kept.add(1, payload(10));
  kept.onRestored(oldest?.name ?? 0);
  kept.handOver();
  expect(timesOf(kept)).toEqual([10, 20, 30]);
});

test('what one destination takes or gives up leaves the others theirs', () => {
  const kept = new KeptPayloads();
  kept.add(1, payload(20));
  kept.add(2, payload(10));
  kept.add(3, payload(5, 'other'));
  expect(kept.take('lines').map(({ takenAtMillis }) => takenAtMillis)).toEqual([10, 20]);
  expect([kept.recordsOf('lines'), kept.forget('other'), kept.forget('other')]).toEqual([0, 1, 0]);
});
