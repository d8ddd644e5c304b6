import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cleanUp, DEBUG, ERROR, expectAccounted, expectClosed, fakeTime, INFO, setUp } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const oneInSecond = { firstThenEvery: { first: 1, thereafter: 0, intervalMillis: 1000 } };

test('a delegate that logs for each record it gets ends, even with errors', async () => {
  for (const [severity, body] of [
    [ERROR, () => 'error'],
    [INFO, (index: number) => `distinct ${index}`],
    [INFO, () => 'same'],
  ] as const) {
    const setup = setUp({ ...oneInSecond, maxKeys: 2 });
    const { delegate, processor, emit } = setup;
    delegate.onRecord = () => {
      emit(body(delegate.records.length), 1, severity);
      expectClosed(processor.stats());
    };
    for (let index = 0; index < 5; index += 1) emit(`outer ${index}`, 2);
    await processor.forceFlush();
    await processor.shutdown();
    expectAccounted(setup);
    expect(processor.stats().keys).toBeLessThanOrEqual(2);
  }
});

test('a delegate that logs for each record it gets is cut off after eight of them', () => {
  const { delegate, processor, emit } = setUp();
  delegate.onRecord = () => emit('because', 1, ERROR);
  emit('outer', 1, ERROR);
  expect(delegate.lines).toEqual(['outer', ...Array(7).fill('because')]);
  expect(processor.stats()).toMatchObject({ received: 9, passed: 8, dropped: { suppressed: 1 }, held: 0 });
  emit('outer', 1, ERROR);
  expect(delegate.lines).toHaveLength(16);
});

test('what a delegate logs while a summary leaves does not go into that summary, and has its own', async () => {
  const setup = setUp(oneInSecond);
  const { delegate, processor, emit } = setup;
  emit('flood', 3);
  delegate.onRecord = ({ attributes }) => {
    if ('log_count' in attributes && delegate.records.length < 4) emit('flood', 2);
  };
  await processor.forceFlush();
  expect(delegate.lines).toEqual(['flood', 'flood x2']);
  vi.advanceTimersByTime(1000);
  // The window has ended: one of the two that the delegate logs then passes.
  expect(delegate.lines).toEqual(['flood', 'flood x2', 'flood x2', 'flood']);
  await processor.shutdown();
  expect(delegate.lines.slice(4)).toEqual(['flood x1']);
  expectAccounted(setup);
});

test('a key that logs, or a body that logs while it is copied, passes its records and changes nothing', async () => {
  const { delegate, processor, logger, emit } = setUp({
    ...oneInSecond,
    maxKeys: 1,
    key: ({ body, eventName }) => {
      if (body === 'key logs') emit('from key', 3);
      return eventName ?? String(body);
    },
  });
  emit('key logs');
  expect(delegate.lines).toEqual(['from key', 'from key', 'from key', 'key logs']);
  const toJSON = (): string => {
    emit('from toJSON');
    return 'copied';
  };
  delegate.records.length = 0;
  for (let index = 0; index < 4; index += 1) {
    logger.emit({ severityNumber: INFO, eventName: 'event', body: { toJSON } });
  }
  await processor.forceFlush();
  expect(delegate.records.map(({ body, attributes }) => [typeof body, attributes['log_count']])).toEqual([
    ['object', undefined],
    ['string', undefined],
    ['string', 3],
  ]);
  expect(delegate.records.at(-1)?.body).toBe('copied');
  expectClosed(processor.stats());
});

test('a delegate that shuts the processor down while a summary leaves gets all of them', async () => {
  const setup = setUp(oneInSecond);
  const { delegate, processor, emit } = setup;
  for (const body of ['a', 'b', 'c']) emit(body, 3);
  delegate.onRecord = () => void processor.shutdown();
  await processor.forceFlush();
  await processor.shutdown();
  expect(delegate.lines).toEqual(['a', 'b', 'c', 'a x2', 'b x2', 'c x2']);
  expectAccounted(setup);
});

const reaction = fc.record({
  body: fc.constantFrom('a', 'b', 'c', 'd'),
  severity: fc.constantFrom(DEBUG, INFO, ERROR),
  count: fc.nat(2),
  action: fc.constantFrom('none', 'none', 'none', 'flush', 'flushSync'),
});

const step = fc.record({
  body: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  count: fc.integer({ min: 1, max: 4 }),
  pass: fc.constantFrom(0, 0, 10, 60, 200),
});

test('whatever a delegate logs or flushes from within, every record is accounted for', async () => {
  const limits = fc.constantFrom(
    { minIntervalMillis: 30, summaryIntervalMillis: 100 },
    { rate: { perSecond: 20, burst: 2 }, summaryIntervalMillis: 100 },
    { firstThenEvery: { first: 1, thereafter: 3, intervalMillis: 100 } },
    { firstThenEvery: { first: 0, thereafter: 0, intervalMillis: 100 } },
  );
  const bound = fc.record({ maxKeys: fc.integer({ min: 1, max: 4 }), maxSummaryBytes: fc.constantFrom(1, 1000, 1e6) });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(limits, bound),
      fc.array(reaction, { minLength: 1, maxLength: 12 }),
      fc.array(step, { maxLength: 25 }),
      async ([limit, bounds], reactions, steps) => {
        const setup = setUp({ ...limit, ...bounds });
        const { delegate, processor, emit } = setup;
        let next = 0;
        const react = (_record: ReadWriteLogRecord): void => {
          expectClosed(processor.stats());
          const { body, severity, count, action } = reactions[(next += 1) % reactions.length] as (typeof reactions)[0];
          emit(body, count, severity);
          if (action === 'flush') void processor.forceFlush();
          if (action === 'flushSync') processor.flushSync(10);
        };
        delegate.onRecord = react;
        for (const { body, count, pass } of steps) {
          emit(body, count);
          vi.advanceTimersByTime(pass);
          expect(processor.stats().keys).toBeLessThanOrEqual(bounds.maxKeys);
          expect(processor.stats().held).toBe(0);
        }
        delegate.onRecord = undefined;
        await processor.shutdown();
        expectAccounted(setup);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
