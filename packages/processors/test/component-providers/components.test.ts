import { InMemoryLogRecordExporter, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';
import {
  burstDropProvider,
  componentProviders,
  fanOutProvider,
  hybridProvider,
  ringBufferProvider,
  samplingProvider,
} from '@spillway/processors/component-providers';
import { expect, onTestFinished, test } from 'vitest';

import { StubProcessor } from '../decorator/stub-processor.ts';

type EmittedRecord = Parameters<ReturnType<LoggerProvider['getLogger']>['emit']>[0];

const anyExporter = new InMemoryLogRecordExporter();
const anyDelegate = new StubProcessor();

function emitInto(processor: LogRecordProcessor, records: readonly EmittedRecord[]): void {
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('shop');
  for (const record of records) logger.emit(record);
  onTestFinished(() => processor.shutdown());
}

test('each processor has a provider under its name in a file', () => {
  const ways: Readonly<Record<string, object>> = {
    hybrid: { exporter: anyExporter },
    fan_out: { delegates: [anyDelegate] },
  };
  const made = componentProviders.map((provider) => {
    const component = provider.createComponent({ ...(ways[provider.name] ?? { delegate: anyDelegate }) });
    onTestFinished(() => component.shutdown());
    return [provider.type, provider.name, component.constructor];
  });
  expect(made).toEqual([
    ['LogRecordProcessor', 'ring_buffer', RingBufferLogRecordProcessor],
    ['LogRecordProcessor', 'burst_drop', BurstDropLogRecordProcessor],
    ['LogRecordProcessor', 'sampling', SamplingLogRecordProcessor],
    ['LogRecordProcessor', 'hybrid', HybridLogRecordProcessor],
    ['LogRecordProcessor', 'fan_out', FanOutLogRecordProcessor],
  ]);
});

test('records that meet a condition of `immediate_when` take the immediate lane', () => {
  const processor = hybridProvider.createComponent({
    exporter: new InMemoryLogRecordExporter(),
    immediate_when: [{ attributes: { urgent: true } }, { scope: 'shop', min_severity: 'warn' }],
  }) as HybridLogRecordProcessor;
  emitInto(processor, [
    { severityNumber: 9 },
    { severityNumber: 13 },
    { severityNumber: 5, attributes: { urgent: true } },
  ]);
  expect(processor.stats()).toMatchObject({ queueSize: 3, immediateQueueSize: 2 });
});

test.each([
  [{ trigger_min_severity: 'info2' }, 'warn or more severe, or none', 'info2'],
  [{ hold_below_severity: 'fatal', trigger_min_severity: 'error' }, 'fatal or more severe, or none', 'error'],
  [{ hold_below_severity: 'all', trigger_min_severity: 'fatal4' }, 'none', 'fatal4'],
])('a trigger of a severity that is held is refused in the words of the file: %j', (properties, rule, got) => {
  const message = `Expected \`trigger_min_severity\` to be ${rule}: a record that is held releases nothing, got \`${got}\` (string).`;
  expect(() => ringBufferProvider.checkProperties?.({ delegate: anyDelegate, ...properties })).toThrow(message);
  expect(() => ringBufferProvider.createComponent({ delegate: anyDelegate, ...properties })).toThrow(message);
});

test('a record that meets a condition of `trigger_when` releases the records of its `scope_key`', () => {
  const delegate = new StubProcessor();
  const processor = ringBufferProvider.createComponent({
    delegate,
    trigger_when: [{ event_name: 'refused' }],
    scope_key: 'attributes.order',
  });
  emitInto(processor, [
    { severityNumber: 9, body: 'one', attributes: { order: 1 } },
    { severityNumber: 9, body: 'two', attributes: { order: 2 } },
    { severityNumber: 13, body: 'refused', eventName: 'refused', attributes: { order: 1 } },
  ]);
  expect(delegate.bodies).toEqual(['one', 'refused']);
});

test('with `hold_below_severity: all` every record is held', () => {
  const delegate = new StubProcessor();
  const processor = ringBufferProvider.createComponent({ delegate, hold_below_severity: 'all' });
  emitInto(processor, [{ severityNumber: 24, body: 'fatal4' }]);
  expect(delegate.bodies).toEqual([]);
});

test('records are one burst where the fields of `key` are equal', () => {
  const delegate = new StubProcessor();
  const processor = burstDropProvider.createComponent({
    delegate,
    first_then_every: { first: 1, thereafter: 0, interval: 60_000 },
    key: ['attributes.a', 'attributes.b'],
  });
  const pairs = [{ a: 'x', b: 'y' }, { a: 'x', b: 'y' }, { a: 'xy' }, { b: 'xy' }, { a: 'xy', b: '' }];
  emitInto(
    processor,
    pairs.map((attributes, index) => ({ severityNumber: 9, body: index, attributes })),
  );
  expect(delegate.bodies).toEqual([0, 2, 3]);
});

test('a fan-out hands each record to all of its delegates', () => {
  const delegates = [new StubProcessor(), new StubProcessor()];
  emitInto(fanOutProvider.createComponent({ delegates, fallback: new StubProcessor() }), [{ body: 'one' }]);
  expect(delegates.map(({ bodies }) => bodies)).toEqual([['one'], ['one']]);
});

test('`use_pressure` samples harder while the queue of the hybrid behind it is full', () => {
  const hybrid = new HybridLogRecordProcessor({
    exporter: new InMemoryLogRecordExporter(),
    maxQueueSize: 10,
    maxExportBatchSize: 10,
  });
  const sampling = samplingProvider.createComponent({ delegate: hybrid, use_pressure: true });
  emitInto(
    sampling,
    Array.from({ length: 100 }, () => ({ severityNumber: 5 })),
  );
  expect((sampling as SamplingLogRecordProcessor).stats().pressureRatio).toBeLessThan(1);
});

test('`use_pressure` is refused where no hybrid stands behind it', () => {
  const values = { delegate: new StubProcessor(), use_pressure: true };
  const message = 'Expected `use_pressure` to be left out unless the `delegate` is `hybrid`';
  expect(() => samplingProvider.createComponent(values)).toThrow(message);
  // What stands in for the delegate tells nothing of the one that there will be.
  expect(() => samplingProvider.checkProperties?.(values)).not.toThrow();
});

test.each([
  [
    hybridProvider,
    { exporter: anyExporter, immediate_when: [{ min_severity: 'error', max_severity: 'info' }] },
    'immediate_when[0].max_severity',
  ],
  [samplingProvider, { delegate: anyDelegate, ratio: 1, every: 2 }, 'every` to be absent where `ratio` is given'],
  [
    samplingProvider,
    { delegate: anyDelegate, pressure_low_mark: 0.1 },
    'pressure_low_mark` to be left out where there is no `use_pressure',
  ],
  [
    samplingProvider,
    { delegate: anyDelegate, severity_ratios: { error: 0.5 } },
    'severity_ratios.error` to be for severities below `keep_min_severity',
  ],
  [
    samplingProvider,
    { delegate: anyDelegate, rules: [{ ratio: 1, every: 1 }] },
    'rules[0]` to be a rule with either `ratio` or `every',
  ],
  [
    burstDropProvider,
    { delegate: anyDelegate, min_interval: 1, first_then_every: { first: 1, thereafter: 1, interval: 1 } },
    'min_interval` to be left out where `first_then_every` is given',
  ],
  [burstDropProvider, { delegate: anyDelegate, rate: { per_second: 0 } }, 'rate.per_second'],
  [burstDropProvider, { delegate: anyDelegate, rate: { per_seconds: 1 } }, 'rate.per_seconds` to be left out'],
  [
    ringBufferProvider,
    { delegate: anyDelegate, mode: 'copy', pass_through: 1 },
    'pass_through` to be absent where `mode`',
  ],
  [ringBufferProvider, { delegate: anyDelegate, trigger_min_severity: 'info' }, 'trigger_min_severity'],
  [hybridProvider, { exporter: anyExporter, schedule_delay: -1 }, 'schedule_delay'],
  [fanOutProvider, { delegates: [] }, 'delegates` to be an array of at least one'],
])('%# what is wrong is told in the names of the file', (provider, values, part) => {
  expect(() => provider.checkProperties?.(values)).toThrow(`\`${part}`);
});
