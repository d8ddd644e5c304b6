import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';

import { cleanUp, DEBUG, INFO, setUp, WARN } from './harness.ts';

afterEach(cleanUp);

type Callback = (result: { observe(value: number, attributes: Attributes): void }) => void;

/** Keeps what is observed, by instrument, reason and severity. */
class FakeMeter {
  readonly #callbacks: [string, Callback][] = [];
  readonly #create = (name: string): object => ({
    addCallback: (callback: Callback) => this.#callbacks.push([name.replace('spillway.processor.log.', ''), callback]),
  });

  readonly provider = {
    getMeter: () => ({ createObservableCounter: this.#create, createObservableUpDownCounter: this.#create }),
  } as unknown as MeterProvider;

  collect(): Record<string, number> {
    const seen: Record<string, number> = {};
    for (const [name, callback] of this.#callbacks) {
      callback({
        observe: (value, attributes) => {
          expect(attributes['otel.component.type']).toBe('BurstDropLogRecordProcessor');
          const parts = [name, attributes['spillway.drop.reason'], attributes['spillway.log.severity']];
          seen[parts.filter(Boolean).join(' ')] = value;
        },
      });
    }
    return seen;
  }
}

const throwing = (): never => {
  throw new Error('bug');
};

test('metrics have the account, and drops by reason and severity', async () => {
  const meter = new FakeMeter();
  const { processor, emit } = setUp({ minIntervalMillis: 100_000, selfObsMeterProvider: meter.provider });
  emit('flood', 4, DEBUG);
  emit('flood', 3, INFO);
  emit('flood', 1, WARN);
  await processor.shutdown();
  processor.onEmit({ severityNumber: INFO, body: 'late', attributes: {} } as never);
  expect(meter.collect()).toEqual({
    received: 9,
    created: 2,
    passed: 5,
    held: 0,
    'dropped burst DEBUG': 3,
    'dropped burst INFO': 2,
    'dropped shutdown': 1,
  });
  expect(processor.stats()).toMatchObject({ droppedBySeverity: { DEBUG: 3, INFO: 2 }, keys: 3, summaries: 2 });
});

test('a meter that throws does no harm', async () => {
  const { delegate, emit } = setUp({ selfObsMeterProvider: { getMeter: throwing } });
  emit('text');
  expect(delegate.lines).toEqual(['text']);
});
