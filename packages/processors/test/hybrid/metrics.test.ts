import type { MeterProvider } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cleanUp, failed, fakeTime, pass, ScriptedExporter, settle, setUp, SUCCESS } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

type Observe = (result: { observe(value: number, attributes: Record<string, string>): void }) => void;

/** Sums what is added, by instrument and by the attribute that tells drops apart. */
class FakeMeter {
  readonly sums = new Map<string, number>();
  readonly components = new Set<unknown>();
  readonly #callbacks = new Map<Observe, string>();

  readonly provider = {
    getMeter: () => ({
      createCounter: (name: string) => this.#instrument(name),
      createUpDownCounter: (name: string) => this.#instrument(name),
      createObservableCounter: (name: string) => this.#observable(name),
      createObservableUpDownCounter: (name: string) => this.#observable(name),
    }),
  } as unknown as MeterProvider;

  observe(): Record<string, number> {
    const seen: Record<string, number> = {};
    for (const [callback, name] of this.#callbacks) {
      callback({ observe: (value, attributes) => (seen[this.#keyOf(name, attributes)] = value) });
    }
    return seen;
  }

  #observable(name: string): object {
    return {
      addCallback: (callback: Observe) => this.#callbacks.set(callback, name),
      removeCallback: (callback: Observe) => this.#callbacks.delete(callback),
    };
  }

  #instrument(name: string): { add(value: number, attributes: Record<string, string>): void } {
    return {
      add: (value, attributes) => {
        const key = this.#keyOf(name, attributes);
        this.sums.set(key, (this.sums.get(key) ?? 0) + value);
      },
    };
  }

  #keyOf(name: string, attributes: Record<string, string>): string {
    this.components.add(attributes['otel.component.type']);
    return `${name} ${attributes['error.type'] ?? attributes['spillway.drop.reason'] ?? ''}`.trim();
  }
}

const throwing = (): never => {
  throw new Error('bug');
};

test('records are counted as processed when they are handed over, and as dropped by reason', async () => {
  const meter = new FakeMeter();
  const { exporter, processor, logger, info } = setUp({
    selfObsMeterProvider: meter.provider,
    maxQueueSize: 4,
    maxAttempts: 2,
  });
  info(0, 6);
  expect(meter.observe()).toMatchObject({
    'otel.sdk.processor.log.queue.size': 4,
    'spillway.processor.log.held': 4,
    'spillway.processor.log.dropped queue_full': 2,
  });
  await settle();
  exporter.batches[0]?.answer(failed());
  await pass(1000);
  exporter.batches[1]?.answer(failed());
  exporter.onExport = () => logger.emit({ body: 'own' });
  exporter.result = SUCCESS;
  info(6, 7);
  await processor.forceFlush();
  await processor.shutdown();
  processor.onEmit({ body: 'late', attributes: {} } as never);
  expect(Object.fromEntries(meter.sums)).toEqual({
    'otel.sdk.processor.log.queue.capacity': 0,
    'otel.sdk.processor.log.processed': 5,
    'otel.sdk.processor.log.processed queue_full': 2,
    'otel.sdk.processor.log.processed suppressed': 1,
    'otel.sdk.processor.log.processed already_shutdown': 1,
  });
  expect(meter.observe()).toEqual({
    'spillway.processor.log.received': 9,
    'spillway.processor.log.created': 0,
    'spillway.processor.log.passed': 1,
    'spillway.processor.log.held': 0,
    'spillway.processor.log.dropped queue_full': 2,
    'spillway.processor.log.dropped retry_exhausted': 4,
    'spillway.processor.log.dropped suppressed': 1,
    'spillway.processor.log.dropped shutdown': 1,
  });
  expect([...meter.components]).toEqual(['HybridLogRecordProcessor']);
});

test('a meter that throws does no harm', async () => {
  const providers = [
    { getMeter: throwing },
    { getMeter: () => ({ createCounter: () => ({ add: throwing }), createUpDownCounter: () => ({ add: throwing }) }) },
  ];
  for (const provider of providers) {
    const { processor, info } = setUp(
      { selfObsMeterProvider: provider as unknown as MeterProvider, maxQueueSize: 2 },
      new ScriptedExporter(SUCCESS),
    );
    info(0, 5);
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ passed: 2, dropped: { queue_full: 3 } });
  }
});
