import { FanOutLogRecordProcessor } from '@spillway/processors';
import { expect, test } from 'vitest';

import { StubProcessor } from '../decorator/stub-processor.ts';

const create = (options: unknown): FanOutLogRecordProcessor => new FanOutLogRecordProcessor(options as never);

test('wrong options throw, by name', () => {
  const [one, other] = [new StubProcessor(), new StubProcessor()];
  const cases: readonly (readonly [unknown, string])[] = [
    [undefined, 'Expected `options` to be an object, got `undefined` (undefined).'],
    [{}, 'Expected `delegates` to be an array of at least one log-record processor, got `undefined` (undefined).'],
    [{ delegates: new Set([one]) }, 'Expected `delegates` to be an array'],
    [{ delegates: [] }, 'Expected `delegates` to be an array of at least one log-record processor'],
    [
      { delegates: [one, undefined] },
      'Expected `delegates[1]` to be an object with onEmit(), forceFlush(), shutdown()',
    ],
    // A list with a hole in it.
    [{ delegates: Object.assign([one], { length: 2 }) }, 'Expected `delegates[1]` to be an object'],
    [{ delegates: [{ export: () => {}, forceFlush: () => {}, shutdown: () => {} }] }, 'Expected `delegates[0]` to be'],
    [
      { delegates: [one, other, one] },
      'Expected `delegates[2]` to be another processor than delegates[0], or it would get each record twice',
    ],
    [{ delegates: [one], onError: {} }, 'Expected `onError` to be a function'],
    [{ delegates: [one], fallback: () => {} }, 'Expected `fallback` to be an object with onEmit()'],
    [
      { delegates: [other, one], fallback: one },
      'Expected `fallback` to be none of the delegates, or it would be told of its own failures',
    ],
    [{ delegates: [one], selfObsMeterProvider: {} }, 'Expected `selfObsMeterProvider` to be an object with getMeter()'],
  ];
  for (const [options, message] of cases) expect(() => create(options)).toThrow(message);
});

test('the list of delegates is copied', async () => {
  const delegates = [new StubProcessor()];
  const processor = create({ delegates });
  delegates.push(new StubProcessor());
  delegates[0] = new StubProcessor();
  processor.onEmit({ body: 'text', attributes: {} } as never);
  expect(delegates.map(({ records }) => records.length)).toEqual([0, 0]);
  await processor.shutdown();
  expect(delegates.map(({ calls }) => calls.length)).toEqual([0, 0]);
});
