import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LiveTailEvent, openLiveTail } from '@spillway/exporter-live-tail/live-tail-client';

import { TailFixture } from './tail-fixture.ts';

type Action = 'emit' | 'skip' | 'cut' | 'breathe';

const action = fc.tuple(
  fc.constantFrom<Action[]>('emit', 'emit', 'emit', 'emit', 'skip', 'cut', 'breathe', 'breathe'),
  fc.integer({ min: 1, max: 150 }),
);

const THE_END = 'the end';

test('whatever breaks, each record comes once or is within one gap, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
      const fixture = await TailFixture.open({ capacity: 200 });
      try {
        const offsets = (await follow(fixture, () => play(fixture, actions))).flatMap(offsetsOf);
        expect(offsets).toEqual(Array.from({ length: fixture.next }, (_, offset) => offset));
      } finally {
        await fixture.close();
      }
    }),
    { numRuns: 20 },
  );
});

test('a server that has started again is followed from its first record on', async () => {
  const fixture = await TailFixture.open();
  const events = await follow(fixture, async () => {
    fixture.emit([{ body: 'of the first' }]);
    fixture.restart();
    fixture.emit([{ body: 'of the second' }]);
  });
  await fixture.close();
  const bodies = events.flatMap(({ type, data }) => (type === 'record' ? [data.body] : []));
  expect(bodies).toEqual(['of the first', 'of the second', THE_END]);
});

/** Follows while something is done, without waits between connections. Resolves with all events up to the last record. */
function follow(fixture: TailFixture, work: () => Promise<void>): Promise<LiveTailEvent[]> {
  return new Promise((resolve, reject) => {
    const events: LiveTailEvent[] = [];
    let isStarted = false;
    const start = async (): Promise<void> => {
      if (isStarted) return;
      isStarted = true;
      await work();
      fixture.emit([{ body: THE_END }]);
    };
    const tail = openLiveTail({
      url: fixture.pageUrl,
      token: fixture.token,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'hello') start().catch(reject);
        if (event.type !== 'record' || event.data.body !== THE_END) return;
        tail.close();
        resolve(events);
      },
      onState: ({ status }) => {
        if (status === 'waiting') queueMicrotask(() => tail.reconnect());
      },
    });
  });
}

async function play(fixture: TailFixture, actions: readonly (readonly [Action, number])[]): Promise<void> {
  for (const [what, count] of actions) {
    if (what === 'emit') fixture.emit(Array.from({ length: count }, (_, index) => ({ body: `record ${index}` })));
    if (what === 'skip') fixture.skip(count);
    if (what === 'cut') fixture.cut();
    // Lets what was sent arrive, or a part of it.
    if (what === 'breathe') await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Offsets of which an event tells: that of a record, or those of all that are missing. */
function offsetsOf({ type, data }: LiveTailEvent): number[] {
  if (type === 'record') return [data.offset];
  return type === 'gap' ? Array.from({ length: data.count }, (_, index) => data.from + index) : [];
}
