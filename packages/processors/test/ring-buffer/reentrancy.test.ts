import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import {
  cleanUp,
  collectDiagnostics,
  Collector,
  DEBUG,
  ERROR,
  expectClosed,
  fakeTime,
  INFO,
  range,
  setUp,
  traceIdOf,
  WARN,
} from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

test('what a delegate logs while records are released comes after all of them and their trigger', () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, 'a', 'b', 'c');
  delegate.onRecord = ({ body }) => {
    if (body === 'a') emit(1, INFO, 'because of a');
    if (body === 'b') emit(1, ERROR, 'because of b');
    if (body === 'error') emit(2, INFO, 'held');
  };
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(a)', '(b)', '(c)', 'error', 'because of a', 'because of b']);
  expect(processor.stats()).toMatchObject({ received: 7, passed: 6, held: 1, triggers: 2 });
});

test('a record that waits for others keeps the values it was logged with', () => {
  const { delegate, logger, emit } = setUp();
  const body = { text: 'before' };
  delegate.onRecord = (record) => {
    if (record.body !== 'warning') return;
    logger.emit({ severityNumber: WARN, body });
    body.text = 'after';
  };
  emit(1, WARN, 'warning');
  expect(delegate.records[1]?.body).toEqual({ text: 'before' });
  delegate.records[1]?.setAttribute('key', 'value');
  expect(delegate.records[1]?.attributes).toEqual({ key: 'value' });
});

test('a delegate that logs for each record it gets is cut off, and the next record passes as ever', () => {
  for (const severity of [INFO, WARN, ERROR]) {
    const messages = collectDiagnostics();
    const { delegate, processor, emit } = setUp();
    delegate.onRecord = () => emit(1, severity, 'because');
    emit(1, INFO, 'held');
    emit(1, ERROR, 'error');
    expect(delegate.lines).toEqual(['(held)', 'error', ...Array(14).fill('because')]);
    expect(processor.stats()).toMatchObject({ received: 18, passed: 16, dropped: { suppressed: 2 }, held: 0 });
    emit(1, ERROR, 'error');
    expect(delegate.lines.slice(16)).toEqual(['error', ...Array(7).fill('because')]);
    expectClosed(processor.stats());
    expect(messages).toHaveLength(1);
  }
});

test('a delegate that logs very much at once cannot fill the memory', () => {
  const { delegate, processor, emit } = setUp();
  delegate.onRecord = ({ body }) => {
    if (body === 'error') emit(1, WARN, ...range(0, 5000));
  };
  emit(1, ERROR, 'error');
  expect(delegate.records.slice(1).map(({ body }) => body)).toEqual(range(0, 1000));
  expect(processor.stats()).toMatchObject({ passed: 1001, dropped: { suppressed: 4000 }, held: 0 });
});

test('many records that one trigger releases leave room for what is logged meanwhile', () => {
  const { delegate, processor, emit } = setUp();
  emit(1, INFO, ...range(0, 1000));
  delegate.onRecord = ({ body }) => {
    if (body === 'error') emit(1, ERROR, 'because', 'because');
  };
  emit(2, ERROR, 'error');
  expect(delegate.lines.at(-1)).toBe('because');
  expect(processor.stats()).toMatchObject({ received: 1003, passed: 1003, droppedTotal: 0 });
});

test('what gets the evicted and logs for each of them evicts no more than there is, and ends', () => {
  const untriggered = new Collector();
  const { processor, emit } = setUp({ untriggered, maxRecords: 2 });
  untriggered.onRecord = () => emit(1, DEBUG, 'because');
  emit(1, INFO, 'a', 'b');
  expect(untriggered.lines).toEqual([]);
  emit(1, INFO, 'c');
  expect(untriggered.lines.slice(0, 3)).toEqual(['a', 'b', 'c']);
  expect(untriggered.records).toHaveLength(8);
  expect(processor.stats()).toMatchObject({ bufferedRecords: 2, dropped: { suppressed: 1 } });
  expectClosed(processor.stats());
});

test('what gets the expired and logs for each of them is served within the sweep', () => {
  const untriggered = new Collector();
  const { delegate, processor, emit } = setUp({ untriggered, ttlMillis: 100 });
  untriggered.onRecord = ({ body }) => {
    if (typeof body === 'number') emit(body, body === 2 ? ERROR : INFO, `because of ${body}`);
  };
  emit(1, INFO, 1, 2, 3);
  vi.advanceTimersByTime(107);
  expect(untriggered.records.map(({ body }) => body)).toEqual([1, 2, 3]);
  expect(delegate.lines).toEqual(['because of 2']);
  expect(processor.snapshot().map(({ body }) => body)).toEqual(['because of 1', 'because of 3']);
  expectClosed(processor.stats());
});

test('a delegate may release, inspect, flush and shut down while it gets a record', async () => {
  const { delegate, processor, emit } = setUp();
  const answers: unknown[] = [];
  emit(2, INFO, 'c', 'd');
  emit(1, INFO, 'a', 'b');
  delegate.onRecord = ({ body }) => {
    if (body === 'a') answers.push(processor.release(traceIdOf(2)));
    if (body === 'b') answers.push(processor.snapshot(), processor.releaseAll());
    if (body === 'd') void processor.shutdown();
    processor.flushSync(10);
    void processor.forceFlush();
  };
  emit(1, ERROR, 'error');
  expect(delegate.lines).toEqual(['(a)', '(b)', 'error', '(c)', '(d)']);
  expect(answers).toEqual([2, [], 0]);
  await processor.shutdown();
  expectClosed(processor.stats());
});

test('callbacks that log whenever they are asked are not asked about that', () => {
  const { delegate, processor, emit } = setUp({
    isTrigger: () => {
      emit(1, INFO, 'from isTrigger');
      return false;
    },
    scopeKey: ({ spanContext }) => {
      emit(1, WARN, 'from scopeKey');
      return spanContext?.traceId;
    },
  });
  emit(1, INFO, 'a');
  expect(delegate.lines).toEqual(['from scopeKey']);
  expect(processor.snapshot().map(({ body }) => body)).toEqual(['from isTrigger', 'a']);
  expectClosed(processor.stats());
});

const severity = fc.constantFrom(DEBUG, INFO, WARN, ERROR);
const emission = fc.record({ trace: fc.nat(3), severity, count: fc.integer({ min: 1, max: 3 }) });
// Most of the time a delegate logs nothing, or each record would lead to thousands.
const reaction = fc.option(emission, { freq: 1, nil: undefined });
const step = fc.record({ emission, millis: fc.constantFrom(0, 0, 20, 150), release: fc.constantFrom(0, 0, 0, 1, 2) });

test('whatever delegates log from within, every record is accounted for, within the bounds, and in order', () => {
  fc.assert(
    fc.property(
      fc.array(reaction, { minLength: 1, maxLength: 10 }).map((some) => [undefined, undefined, undefined, ...some]),
      fc.array(step, { maxLength: 40 }),
      fc.record({
        maxRecords: fc.integer({ min: 1, max: 8 }),
        maxRecordsPerScope: fc.integer({ min: 1, max: 8 }),
        maxScopes: fc.integer({ min: 1, max: 3 }),
        passThroughMillis: fc.constantFrom(0, 30),
      }),
      (reactions, steps, bounds) => {
        const untriggered = new Collector();
        const setup = setUp({ ...bounds, untriggered, ttlMillis: 100 });
        const { delegate, processor } = setup;
        let emitted = 0;
        const failures: unknown[] = [];
        const emit = ({ trace, severity: severityNumber, count }: (typeof steps)[0]['emission']): void => {
          for (let index = 0; index < count; index += 1) setup.emit(trace, severityNumber, (emitted += 1));
        };
        let next = 0;
        const react = (): void => {
          const { bufferedRecords, scopes, received, passed, droppedTotal, held } = processor.stats();
          if (received !== passed + droppedTotal + held) failures.push('open account');
          if (bufferedRecords > bounds.maxRecords || scopes > bounds.maxScopes) failures.push('over a bound');
          const answer = reactions[(next += 1) % reactions.length];
          if (answer) emit(answer);
        };
        delegate.onRecord = react;
        untriggered.onRecord = react;
        for (const { emission: action, millis, release } of steps) {
          const from = delegate.records.length;
          emit(action);
          vi.advanceTimersByTime(millis);
          if (release === 1) processor.releaseAll();
          if (release === 2) processor.release(traceIdOf(1));
          expectClosed(processor.stats());
          expect(delegate.records.length).toBeGreaterThanOrEqual(from);
        }
        expect(failures).toEqual([]);
        // Of one trace, only warnings overtake others on their way to the delegate: what was held before them.
        for (const id of [undefined, ...range(1, 4).map(traceIdOf)]) {
          const bodies = delegate.records
            .filter(({ spanContext }) => spanContext?.traceId === id)
            .filter(({ severityNumber }) => Number(severityNumber) !== WARN)
            .map(({ body }) => Number(body));
          expect(bodies).toEqual(bodies.toSorted((a, b) => a - b));
        }
        const all = [...delegate.records, ...untriggered.records].map(({ body }) => body);
        expect(new Set(all).size).toBe(all.length);
        expect(all).toHaveLength(processor.stats().passed);
        void processor.shutdown();
      },
    ),
    { numRuns: 200 },
  );
});
