import { ROOT_CONTEXT } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  HybridLogRecordProcessor,
  SamplingLogRecordProcessor,
  type SamplingLogRecordProcessorOptions,
} from '@spillway/processors';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { emitAll, inTrace, KeepingDelegate, setUp } from './harness.ts';

type EnabledOptions = Parameters<SamplingLogRecordProcessor['enabled']>[0];

const TRACE_HIGH = '4bf92f3577b34da6a3cec00000000000';
const TRACE_LOW = '4bf92f3577b34da6a33fffffffffffff';

test('keeps or drops all records of a trace together, by its last 56 bits', () => {
  const { emit, bodies, delegate } = setUp({ ratio: 0.25 });
  for (let body = 0; body < 10; body += 1) {
    emit({ body, context: inTrace(TRACE_HIGH) });
    emit({ body: -1, context: inTrace(TRACE_LOW) });
  }
  expect(bodies()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const { attributes } of delegate.records) expect(attributes).toEqual({ 'sampling.threshold': 'c' });
});

test('keeps about the ratio of random traces and of records without one', () => {
  const records = 20_000;
  for (const ratio of [0.01, 0.1, 0.5, 0.9]) {
    // Five standard deviations: wrong once in two million runs.
    const tolerance = 5 * Math.sqrt(records * ratio * (1 - ratio));
    const { emit, delegate } = setUp({ ratio });
    for (let index = 0; index < records; index += 1) emit({ body: index });
    expect(Math.abs(delegate.records.length - records * ratio)).toBeLessThan(tolerance);
  }
});

test('the adjusted counts of what is kept add up to about what was emitted', () => {
  const { emit, delegate } = setUp({ severityRatios: { DEBUG: 0.05, INFO: 0.5 }, ratio: 0.9 });
  const severities: readonly unknown[] = [5, 9, 13];
  for (let index = 0; index < 30_000; index += 1) emit({ severityNumber: severities[index % 3] as number });
  for (const severity of severities) {
    const kept = delegate.records.filter(({ severityNumber }) => severityNumber === severity);
    const sum = kept.reduce(
      (total, { attributes }) => total + adjustedCount(String(attributes['sampling.threshold'])),
      0,
    );
    expect(sum / 10_000).toBeGreaterThan(0.7);
    expect(sum / 10_000).toBeLessThan(1.3);
  }
});

function adjustedCount(threshold: string): number {
  return 2 ** 56 / (2 ** 56 - Number.parseInt(threshold.padEnd(14, '0'), 16));
}

test('a record without a trace carries the randomness that a sampler behind this one decides alike by', () => {
  const delegate = new KeepingDelegate();
  const second = new SamplingLogRecordProcessor({ delegate, ratio: 0.5 });
  const first = new SamplingLogRecordProcessor({ delegate: second, ratio: 0.5 });
  const logger = new LoggerProvider({ processors: [first] }).getLogger('test');
  for (let index = 0; index < 1000; index += 1) logger.emit({ body: index });
  expect(first.stats().passed).toBeGreaterThan(400);
  expect(second.stats()).toMatchObject({ passed: first.stats().passed, droppedTotal: 0 });
  for (const { attributes } of delegate.records) {
    expect(attributes).toEqual({
      'sampling.threshold': '8',
      'sampling.randomness': expect.stringMatching(/^[89a-f][0-9a-f]{13}$/),
    });
  }
});

test('a threshold that a record has is only ever raised', () => {
  const { emit, delegate } = setUp({ ratio: 0.25 });
  const context = inTrace(TRACE_HIGH.replace('cec', 'eec'));
  for (const threshold of ['8', 'c', 'e', 'FF', 'nonsense']) {
    emit({ body: threshold, context, attributes: { 'sampling.threshold': threshold } });
  }
  expect(delegate.records.map(({ body, attributes }) => [body, attributes['sampling.threshold']])).toEqual([
    ['8', 'c'],
    ['c', 'c'],
    ['e', 'e'],
    ['nonsense', 'c'],
  ]);
});

test('does not write to the record that others see', () => {
  const { emit, delegate, processor } = setUp({ ratio: 0.5, random: () => 0.9 });
  const seen: object[] = [];
  const provider = new LoggerProvider({
    processors: [
      processor,
      {
        onEmit: ({ attributes }) => void seen.push({ ...attributes }),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  provider.getLogger('test').emit({ body: 1, attributes: { key: 'value' } });
  emit({ body: 2 });
  expect(seen).toEqual([{ key: 'value' }]);
  expect(delegate.records[0]?.attributes).toMatchObject({ key: 'value', 'sampling.threshold': '8' });
});

test('at ratio 1 records pass as they are, at ratio 0 none does', () => {
  const all = setUp();
  all.emit({ body: 1, attributes: { key: 1 } });
  expect(all.delegate.records[0]?.attributes).toEqual({ key: 1 });
  expect(emitAll({ ratio: 0 }, [1, 9, 16])).toEqual([]);
});

test('under pressure it halves the ratios, as far as each severity allows, and the threshold tells', () => {
  let pressure = 0;
  const { emit, delegate, processor } = setUp({
    pressure: () => pressure,
    ratio: 0.5,
    random: () => 1 - 2 ** -53,
    keepMinSeverity: Infinity,
  });
  const thresholdsAt = (value: number): unknown[] => {
    pressure = value;
    delegate.records.length = 0;
    for (const severityNumber of [5, 9, 13, 17]) emit({ severityNumber });
    return delegate.records.map(({ attributes }) => attributes['sampling.threshold']);
  };
  expect(thresholdsAt(0.5)).toEqual(['8', '8', '8', '8']);
  expect(processor.stats().pressureRatio).toBe(1);
  expect(thresholdsAt(0.6)).toEqual(['c', 'c', 'c', '8']);
  expect(thresholdsAt(1)).toEqual(['ffe', 'fe', 'f', '8']);
  expect(processor.stats().pressureRatio).toBe(2 ** -10);
  expect(thresholdsAt(0.65)).toEqual(['e', 'e', 'e', '8']);
  expect(thresholdsAt(0.6)).toEqual(['c', 'c', 'c', '8']);
  expect(thresholdsAt(0.2)).toEqual(['8', '8', '8', '8']);
});

test('without a ratio, pressure alone thins out, and none is thinned below its least ratio', () => {
  const pressureMinRatios = { DEBUG: 0.25, WARN: 1 };
  const { emit, delegate } = setUp({ pressure: () => 1, pressureMinRatios, random: () => 1 - 2 ** -53 });
  for (const severityNumber of [5, 13, 17]) emit({ severityNumber });
  expect(delegate.records.map(({ attributes }) => attributes['sampling.threshold'])).toEqual([
    'c',
    undefined,
    undefined,
  ]);
});

function isEnabled(options: Partial<SamplingLogRecordProcessorOptions>, asked: object = {}): boolean {
  const { processor } = setUp({ usePriority: false, ...options });
  const instrumentationScope = { name: 'scope' };
  const question: object = { context: ROOT_CONTEXT, instrumentationScope, severityNumber: 9, ...asked };
  return processor.enabled(question as EnabledOptions);
}

test('is enabled unless no record of the kind can pass', () => {
  expect(isEnabled({ ratio: 0 })).toBe(false);
  expect(isEnabled({ ratio: 0, usePriority: true })).toBe(true);
  expect(isEnabled({ ratio: 0 }, { severityNumber: 17 })).toBe(true);
  expect(isEnabled({ ratio: 0 }, { severityNumber: undefined })).toBe(true);
  expect(isEnabled({ ratio: 1e-9 })).toBe(true);
  expect(isEnabled({ every: 1e9 })).toBe(true);
  expect(isEnabled({ rules: [{ ratio: 0, scope: 'scope' }] })).toBe(false);
  expect(isEnabled({ rules: [{ ratio: 0, scope: 'other' }] })).toBe(true);
  expect(isEnabled({ rules: [{ ratio: 1, predicate: () => false }], ratio: 0 })).toBe(true);
  expect(isEnabled({ rules: [{ ratio: 0, predicate: () => true }], ratio: 0 })).toBe(false);
  expect(isEnabled({ rules: [{ ratio: 1, eventName: 'click' }], ratio: 0 })).toBe(true);
  expect(isEnabled({ rules: [{ ratio: 1, eventName: 'click' }], ratio: 0 }, { eventName: 'tap' })).toBe(false);
  expect(isEnabled({ rules: [{ ratio: 0, eventName: 'click' }] }, { eventName: 'click' })).toBe(false);
});

test('what is not enabled would not pass', () => {
  const rule = fc.record(
    {
      minSeverity: fc.integer({ min: 1, max: 16 }),
      scope: fc.constantFrom('a', 'b', '*'),
      eventName: fc.constantFrom('x', 'y'),
      predicate: fc.constant(() => true),
      ratio: fc.constantFrom(0, 1),
    },
    { requiredKeys: ['ratio'] },
  );
  const asked = fc.record({
    severityNumber: fc.integer({ min: 0, max: 24 }),
    scope: fc.constantFrom('a', 'b'),
    eventName: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(rule), fc.constantFrom(0, 1), asked, (rules, ratio, { scope, eventName, severityNumber }) => {
      const { processor, delegate } = setUp({ rules, ratio, usePriority: false });
      const instrumentationScope = { name: scope };
      const mayPass = processor.enabled({
        context: ROOT_CONTEXT,
        instrumentationScope,
        severityNumber,
        eventName,
      } as never);
      processor.onEmit({ attributes: {}, instrumentationScope, severityNumber, eventName } as never, ROOT_CONTEXT);
      expect(mayPass || delegate.records.length === 0).toBe(true);
    }),
  );
});

test('its account tells what was dropped, by reason and by severity', () => {
  const { emit, processor } = setUp({ ratio: 0 });
  for (const severityNumber of [1, 5, 6, 9, 0, 13, 17]) emit({ severityNumber });
  processor.onEmit(
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ) as never,
    ROOT_CONTEXT,
  );
  expect(processor.stats()).toMatchObject({
    received: 8,
    passed: 1,
    dropped: { sampled: 6, invalid: 1 },
    droppedBySeverity: { TRACE: 1, DEBUG: 2, INFO: 2, WARN: 1 },
    held: 0,
  });
});

test('the pressure of a hybrid processor may be handed over by itself', async () => {
  const exporter = { export: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
  const hybrid = new HybridLogRecordProcessor({ exporter, maxQueueSize: 100, disableFlushOnBeforeExit: true });
  const { emit, processor } = setUp({ delegate: hybrid, pressure: hybrid.pressure, pressureMinRatios: { INFO: 0.25 } });
  for (let index = 0; index < 1000; index += 1) emit({ severityNumber: 9, body: index });
  expect(processor.stats().pressureRatio).toBeLessThan(1);
  expect(processor.stats().dropped.sampled).toBeGreaterThan(300);
  await hybrid.shutdown({ timeoutMillis: 0 });
});
