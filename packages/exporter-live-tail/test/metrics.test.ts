import type { MeterProvider } from '@opentelemetry/api';
import { expect, it } from 'vitest';

import { numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { watchEvents } from './watcher.ts';

type Observe = (result: { observe(value: number, attributes?: object): void }) => void;

it('the exporter has metrics of records, of clients, and of what those missed', async () => {
  const callbacks = new Map<string, Observe>();
  const make = (name: string): { addCallback(callback: Observe): void } => ({
    addCallback: (callback) => void callbacks.set(name, callback),
  });
  const meter = { createObservableCounter: make, createObservableUpDownCounter: make };
  const selfObsMeterProvider = { getMeter: () => meter } as unknown as MeterProvider;
  const { exporter, url } = await openExporter({ selfObsMeterProvider });
  await (await watchEvents(url)).untilCount('hello', 1);
  await exportTo(exporter, numbered(3));
  const read = (name: string): number[] => {
    const values: number[] = [];
    callbacks.get(name)?.({ observe: (value) => void values.push(value) });
    return values;
  };
  expect(read('otel.sdk.exporter.log.exported')).toEqual([3]);
  expect(read('spillway.live_tail.clients')).toEqual([1]);
  expect(read('spillway.live_tail.client.dropped')).toEqual([0]);
});
