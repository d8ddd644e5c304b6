import * as fc from 'fast-check';
import { payloadBytes } from '@spillway/delivery';
import { expect, test } from 'vitest';
import type { StageMessage } from '../../src/worker/messages.ts';
import { OutgoingWindow } from '../../src/worker/outgoing-window.ts';

const MIB = 1024 * 1024;

function stageOf(stage: number, bytes: number, destination = 0): StageMessage {
  const payload = { body: new Uint8Array(bytes), recordOffsets: new Uint32Array(1), highestSeverity: 9 };
  return { kind: 'stage', destination, stage, payloads: [{ ...payload, oldestTimeMillis: 0 }] };
}

/** What a stage of one record counts for. */
function counted(bytes: number): number {
  return bytes + payloadBytes({ body: { byteLength: 0 }, recordOffsets: { byteLength: 4 } });
}

function open(): { window: OutgoingWindow; posted: number[] } {
  const posted: number[] = [];
  return { window: new OutgoingWindow(({ stage }) => posted.push(stage)), posted };
}

test('stages are posted in their order, no more than the worker can deal with, and none is lost', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), bytes: fc.constantFrom(0, 1000, MIB, 3 * MIB, 9 * MIB) }),
    fc.record({ kind: fc.constant('stored' as const), bytes: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { window, posted } = open();
      const sizes: number[] = [];
      const taken: number[] = [];
      let stored = 0;
      for (const { kind, bytes } of steps) {
        if (kind === 'stored') {
          const oldest = posted[stored];
          if (oldest === undefined) continue;
          stored += 1;
          window.onStored(oldest);
        } else {
          sizes.push(bytes);
          if (window.add(stageOf(sizes.length - 1, bytes))) taken.push(sizes.length - 1);
        }
        const unstored = posted.slice(stored);
        const bytesPosted = unstored.reduce((sum, stage) => sum + counted(sizes[stage] as number), 0);
        expect(posted).toEqual(taken.slice(0, posted.length));
        expect(unstored.length <= 1 || bytesPosted <= 8 * MIB).toBe(true);
        expect(window.bytes).toBe(taken.slice(stored).reduce((sum, stage) => sum + counted(sizes[stage] as number), 0));
      }
      // Whatever is left can be posted again, and given out.
      window.postAll();
      expect(posted).toEqual(taken);
      posted.length = 0;
      window.postAgain();
      expect(posted).toEqual(taken.slice(stored));
      expect(window.take().map(({ stage }) => stage)).toEqual(taken.slice(stored));
      expect(window.bytes).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('beyond 32 MiB that wait there is no room, until some have left', () => {
  const { window } = open();
  const results = Array.from({ length: 50 }, (_, stage) => window.add(stageOf(stage, MIB)));
  // Eight are posted: none of them is larger than the rest of the window.
  expect(results.filter(Boolean)).toHaveLength(38);
  window.onStored(0);
  expect([window.add(stageOf(50, MIB)), window.add(stageOf(51, MIB))]).toEqual([true, false]);
});

test('what one destination gives up leaves the others theirs', () => {
  const { window, posted } = open();
  for (let stage = 0; stage < 20; stage += 1) window.add(stageOf(stage, MIB, stage % 2));
  const given = window.take(0).map(({ stage }) => stage);
  expect(given).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  window.postAll();
  expect(posted.filter((stage) => stage % 2 === 1)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  expect(window.bytes).toBe(10 * counted(MIB));
});
