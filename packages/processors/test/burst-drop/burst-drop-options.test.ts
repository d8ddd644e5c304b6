import { BurstDropLogRecordProcessor } from '@spillway/processors';
import { expect, test } from 'vitest';

import { Collector } from './harness.ts';

const create = (options: object): BurstDropLogRecordProcessor =>
  new BurstDropLogRecordProcessor({ delegate: new Collector(), ...options });

test('misuse throws at construction and names what is wrong', () => {
  const window = { first: 1, thereafter: 0, intervalMillis: 1000 };
  const cases: readonly [object, string, string][] = [
    [{ delegate: undefined }, 'TypeError', 'delegate'],
    [{ delegate: { onEmit: () => {} } }, 'TypeError', 'delegate'],
    [{ rate: 5 }, 'TypeError', 'rate'],
    [{ rate: null }, 'TypeError', 'rate'],
    [{ rate: {} }, 'TypeError', 'rate.perSecond'],
    [{ rate: { perSecond: 0 } }, 'RangeError', 'rate.perSecond'],
    [{ rate: { perSecond: Number.NaN } }, 'RangeError', 'rate.perSecond'],
    [{ rate: { perSecond: Infinity } }, 'RangeError', 'rate.perSecond'],
    [{ rate: { perSecond: 1, burst: 0 } }, 'RangeError', 'rate.burst'],
    [{ rate: { perSecond: 1, burst: 1.5 } }, 'RangeError', 'rate.burst'],
    [{ rate: { perSecond: 1, brust: 5 } }, 'TypeError', 'rate.brust'],
    [{ firstThenEvery: [] }, 'TypeError', 'firstThenEvery.first'],
    [{ firstThenEvery: { ...window, first: -1 } }, 'RangeError', 'firstThenEvery.first'],
    [{ firstThenEvery: { ...window, thereafter: 0.5 } }, 'RangeError', 'firstThenEvery.thereafter'],
    [{ firstThenEvery: { ...window, intervalMillis: 0 } }, 'RangeError', 'firstThenEvery.intervalMillis'],
    [{ firstThenEvery: { first: 1, thereafter: 0 } }, 'TypeError', 'firstThenEvery.intervalMillis'],
    [{ firstThenEvery: { ...window, tick: 1 } }, 'TypeError', 'firstThenEvery.tick'],
    [{ minIntervalMillis: 0 }, 'RangeError', 'minIntervalMillis'],
    [{ minIntervalMillis: '2' }, 'TypeError', 'minIntervalMillis'],
    [{ rate: { perSecond: 1 }, minIntervalMillis: 2 }, 'TypeError', 'minIntervalMillis'],
    [{ rate: { perSecond: 1 }, firstThenEvery: window }, 'TypeError', 'firstThenEvery'],
    [{ firstThenEvery: window, minIntervalMillis: 2 }, 'TypeError', 'minIntervalMillis'],
    [{ firstThenEvery: window, summaryIntervalMillis: 1000 }, 'TypeError', 'summaryIntervalMillis'],
    [{ summaryIntervalMillis: 1000 }, 'TypeError', 'summaryIntervalMillis'],
    [{ minIntervalMillis: 2, summaryIntervalMillis: 0 }, 'RangeError', 'summaryIntervalMillis'],
    [{ severities: [] }, 'RangeError', 'severities'],
    [{ severities: 'INFO' }, 'TypeError', 'severities'],
    [{ severities: ['INFO', 'info'] }, 'RangeError', 'severities[1]'],
    [{ severities: [9] }, 'TypeError', 'severities[0]'],
    [{ key: 'tenant' }, 'TypeError', 'key'],
    [{ maxKeys: 0 }, 'RangeError', 'maxKeys'],
    [{ maxKeys: 2 ** 20 + 1 }, 'RangeError', 'maxKeys'],
    [{ maxSummaryBytes: 0 }, 'RangeError', 'maxSummaryBytes'],
    [{ selfObsMeterProvider: {} }, 'TypeError', 'selfObsMeterProvider'],
  ];
  const listeners = process.listenerCount('beforeExit');
  for (const [options, name, field] of cases) {
    expect(() => create(options)).toThrow(expect.objectContaining({ name }));
    expect(() => create(options)).toThrow(`Expected \`${field}\` to be `);
  }
  for (const options of [undefined, null, 5]) {
    expect(() => new BurstDropLogRecordProcessor(options as never)).toThrow('Expected `options` to be an object');
  }
  expect(process.listenerCount('beforeExit')).toBe(listeners);
});

test('every option can be left out or undefined, and limits can be as wide and narrow as they are said to be', async () => {
  const unset = [
    'rate',
    'firstThenEvery',
    'minIntervalMillis',
    'summaryIntervalMillis',
    'severities',
    'key',
    'maxKeys',
  ];
  for (const options of [
    Object.fromEntries(unset.map((name) => [name, undefined])),
    { rate: { perSecond: 0.000_001, burst: undefined } },
    { rate: { perSecond: 1_000_000, burst: Number.MAX_SAFE_INTEGER }, summaryIntervalMillis: 2 ** 31 - 1 },
    { firstThenEvery: { first: 0, thereafter: 0, intervalMillis: 2 ** 31 - 1 } },
    { minIntervalMillis: 0.001, summaryIntervalMillis: 1 },
    { maxKeys: 1, maxSummaryBytes: 1 },
  ]) {
    const processor = create(options);
    for (let index = 0; index < 10; index += 1) {
      processor.onEmit({ severityNumber: 9, body: 'text', attributes: {} } as never);
    }
    expect(processor.stats().keys).toBe(1);
    await processor.shutdown();
  }
});
