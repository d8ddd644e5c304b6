import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { Ledger, ThrottledDiag } from '@spillway/core';
import { expect, test } from 'vitest';

import { observeLedger } from '../../src/ledger-metrics.ts';
import { SeverityTally } from '../../src/severity-tally.ts';
import { throwing } from './stub-processor.ts';

type Observe = (result: { observe(value: number, attributes: Attributes): void }) => void;

/** Collects what is observed, by instrument: values with their attributes. */
function fakeMeter(): { provider: MeterProvider; collect: () => Record<string, [number, Attributes][]> } {
  const observers: [string, Observe][] = [];
  const create = (name: string) => ({ addCallback: (observe: Observe) => void observers.push([name, observe]) });
  const meter = { createObservableCounter: create, createObservableUpDownCounter: create };
  return {
    provider: { getMeter: () => meter } as unknown as MeterProvider,
    collect: () => {
      const seen: Record<string, [number, Attributes][]> = {};
      for (const [name, observe] of observers) {
        const values = (seen[name] ??= []);
        observe({ observe: (value, attributes) => void values.push([value, attributes]) });
      }
      return seen;
    },
  };
}

const component = { 'otel.component.name': 'Test/0' };
const diag = new ThrottledDiag({ namespace: 'test' });

test('the ledger is read when metrics are collected, drops by reason', () => {
  const { provider, collect } = fakeMeter();
  const ledger = new Ledger();
  observeLedger({ meterProvider: provider, diag, component, ledger });
  expect(collect()).toEqual({
    'spillway.processor.log.received': [[0, component]],
    'spillway.processor.log.created': [[0, component]],
    'spillway.processor.log.passed': [[0, component]],
    'spillway.processor.log.dropped': [],
    'spillway.processor.log.held': [[0, component]],
  });
  ledger.receive(10);
  ledger.create(2);
  ledger.pass(5);
  ledger.drop('burst', 3);
  ledger.drop('invalid');
  expect(collect()).toEqual({
    'spillway.processor.log.received': [[10, component]],
    'spillway.processor.log.created': [[2, component]],
    'spillway.processor.log.passed': [[5, component]],
    'spillway.processor.log.dropped': [
      [3, { ...component, 'spillway.drop.reason': 'burst' }],
      [1, { ...component, 'spillway.drop.reason': 'invalid' }],
    ],
    'spillway.processor.log.held': [[3, component]],
  });
});

test('drops of one reason can be told apart by severity', () => {
  const { provider, collect } = fakeMeter();
  const ledger = new Ledger();
  const counts = new SeverityTally();
  observeLedger({ meterProvider: provider, diag, component, ledger, tally: { reason: 'sampled', counts } });
  ledger.receive(4);
  ledger.drop('shutdown');
  for (const severity of [9, 9, 17]) {
    ledger.drop('sampled');
    counts.add(severity);
  }
  const sampled = { ...component, 'spillway.drop.reason': 'sampled' };
  expect(collect()['spillway.processor.log.dropped']).toEqual([
    [2, { ...sampled, 'spillway.log.severity': 'INFO' }],
    [1, { ...sampled, 'spillway.log.severity': 'ERROR' }],
    [1, { ...component, 'spillway.drop.reason': 'shutdown' }],
  ]);
});

test('a meter that throws costs its metrics only', () => {
  const meterProvider = { getMeter: throwing } as unknown as MeterProvider;
  expect(() => observeLedger({ meterProvider, diag, component, ledger: new Ledger() })).not.toThrow();
});
