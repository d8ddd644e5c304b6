import { type Attributes, createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { LineServer } from './test-backend.ts';

interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly attributes: Attributes;
}

/** Keeps every measurement; `observe` asks the observable instruments, as a reader would. */
class RecordingProvider implements MeterProvider {
  readonly measurements: Measurement[] = [];
  readonly #callbacks = new Map<unknown, string>();

  getMeter(): Meter {
    const record =
      (name: string) =>
      (value: number, attributes: Attributes = {}) =>
        void this.measurements.push({ name, value, attributes });
    const meter = {
      createCounter: (name: string) => ({ add: record(name) }),
      createHistogram: (name: string) => ({ record: record(name) }),
      createObservableUpDownCounter: (name: string) => ({
        addCallback: (callback: unknown) => this.#callbacks.set(callback, name),
        removeCallback: (callback: unknown) => this.#callbacks.delete(callback),
      }),
    };
    // The no-op meter is one for all, and stays as it is.
    return Object.assign(Object.create(createNoopMeter()) as Meter, meter);
  }

  observe(): Measurement[] {
    const seen: Measurement[] = [];
    for (const [callback, name] of this.#callbacks) {
      const result = { observe: (value: number, attributes: Attributes) => seen.push({ name, value, attributes }) };
      (callback as (result: unknown) => void)(result);
    }
    return seen;
  }

  sum(name: string, matching: Attributes = {}): number {
    const isMatch = ({ attributes }: Measurement): boolean =>
      Object.entries(matching).every(([key, value]) => attributes[key] === value);
    return this.measurements
      .filter((one) => one.name === name && isMatch(one))
      .reduce((sum, { value }) => sum + value, 0);
  }
}

test('records and requests are measured under the names of the semantic conventions', async () => {
  const provider = new RecordingProvider();
  const server = await LineServer.start((_request, index) => [503, 204][index] ?? 400);
  const deliveryOptions = { selfObsMeterProvider: provider, backoff: noBackoff };
  const opened = openDelivery(server, { deliveryOptions });
  await opened.export('a', 'b', 'c');
  expect(provider.observe()).toMatchObject([{ name: 'otel.sdk.exporter.log.inflight', value: 3 }]);
  await opened.destination.forceFlush();
  await opened.export('d');
  await opened.destination.forceFlush();
  expect(provider.observe()[0]?.value).toBe(0);
  expect(provider.sum('otel.sdk.exporter.log.exported')).toBe(4);
  expect(provider.sum('otel.sdk.exporter.log.exported', { 'error.type': 'rejected' })).toBe(1);
  expect(provider.sum('spillway.exporter.log.dropped', { reason: 'rejected' })).toBe(1);
  const durations = provider.measurements.filter(({ name }) => name === 'otel.sdk.exporter.operation.duration');
  expect(
    durations.map(({ attributes }) => [attributes['error.type'], attributes['http.response.status_code']]),
  ).toEqual([
    ['LineError', 503],
    [undefined, undefined],
    ['LineError', 400],
  ]);
  expect(durations.every(({ value }) => value >= 0 && value < 60)).toBe(true);
  expect(durations[0]?.attributes['otel.component.type']).toBe('TestExporter');
});

test('what is no log record is measured under the name of what it is', async () => {
  const provider = new RecordingProvider();
  const server = await LineServer.start((_request, index) => [204][index] ?? 400);
  const deliveryOptions = { selfObsMeterProvider: provider };
  const opened = openDelivery(server, { deliveryOptions, destinationOptions: { signal: 'metric_data_point' } });
  await opened.export('a');
  expect(provider.observe()).toMatchObject([{ name: 'otel.sdk.exporter.metric_data_point.inflight', value: 1 }]);
  await opened.destination.forceFlush();
  await opened.export('b');
  await opened.destination.forceFlush();
  expect(provider.sum('otel.sdk.exporter.metric_data_point.exported')).toBe(2);
  expect(provider.sum('spillway.exporter.metric_data_point.dropped', { reason: 'rejected' })).toBe(1);
  expect(provider.sum('otel.sdk.exporter.log.exported')).toBe(0);
});

test('two exporters of a type have names of their own, and one that is shut down is no longer observed', async () => {
  const provider = new RecordingProvider();
  const first = openDelivery(undefined, { deliveryOptions: { selfObsMeterProvider: provider } });
  openDelivery(undefined, { delivery: first.delivery });
  const names = provider.observe().map(({ attributes }) => attributes['otel.component.name']);
  expect(new Set(names).size).toBe(2);
  await first.destination.shutdown();
  expect(provider.observe()).toHaveLength(1);
});

test('instruments that throw do no harm', async () => {
  const provider = new RecordingProvider();
  const server = await LineServer.start((_request, index) => (index === 0 ? 204 : 400));
  provider.measurements.push = () => {
    throw new Error('boom');
  };
  const opened = openDelivery(server, { deliveryOptions: { selfObsMeterProvider: provider } });
  await opened.export('a');
  await opened.destination.forceFlush();
  await opened.export('b');
  await opened.destination.forceFlush();
  expect(opened.destination.stats()).toMatchObject({ passed: 1, dropped: { rejected: 1 } });
});

function fail(): never {
  throw new Error('bug');
}

test.each(['getMeter', 'createCounter', 'createObservableUpDownCounter'])(
  'a meter provider whose %s throws costs its metrics, and nothing else',
  async (method) => {
    const meter = Object.assign(new RecordingProvider().getMeter(), { [method]: fail });
    const selfObsMeterProvider: MeterProvider = { getMeter: method === 'getMeter' ? fail : () => meter };
    const server = await LineServer.start();
    const opened = openDelivery(server, { deliveryOptions: { selfObsMeterProvider } });
    await opened.export('a');
    await opened.destination.shutdown();
    expect(server.stored).toEqual(['a']);
  },
);
