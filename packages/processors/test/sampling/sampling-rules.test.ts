import type { SamplingLogRecordProcessorOptions } from '@spillway/processors';
import { expect, test, vi } from 'vitest';

import { collector, emitAll, type EmittedRecord, setUp } from './harness.ts';

const INFO = 9;

test('keeps the first of every n records, and exactly one of n', () => {
  for (const every of [1, 2, 3, 10, 97]) {
    const { emit, bodies, processor } = setUp({ every });
    for (let body = 0; body < 1000; body += 1) emit({ severityNumber: INFO, body });
    expect(bodies()).toEqual(Array.from({ length: Math.ceil(1000 / every) }, (_, index) => index * every));
    expect(processor.stats()).toMatchObject({ received: 1000, passed: Math.ceil(1000 / every) });
  }
});

test('records that every keeps carry no threshold', () => {
  const { emit, delegate } = setUp({ every: 2 });
  emit({ body: 1, attributes: { key: 1 } });
  expect(delegate.records[0]?.attributes).toEqual({ key: 1 });
});

test('the first rule that matches counts, then severities, then the default', () => {
  const { emitScoped, bodies } = setUp({
    rules: [
      { scope: 'noisy.*', maxSeverity: 12, ratio: 0 },
      { eventName: 'health', ratio: 0 },
      { predicate: ({ body }) => body === 'secret', ratio: 0 },
      { minSeverity: 5, maxSeverity: 5, ratio: 1 },
    ],
    severityRatios: { DEBUG: 0, TRACE: 1 },
    ratio: 0,
  });
  const records: readonly (EmittedRecord & { scope?: string; kept: boolean })[] = [
    { scope: 'noisy.http', severityNumber: INFO, kept: false },
    { scope: 'noisy.http', severityNumber: 13, body: 'warn', kept: false },
    { scope: 'quiet', severityNumber: 1, eventName: 'health', kept: false },
    { scope: 'quiet', severityNumber: 1, body: 'secret', kept: false },
    { scope: 'quiet', severityNumber: 5, body: 'debug', kept: true },
    { scope: 'noisy.http', severityNumber: 5, body: 'noisy', kept: false },
    { scope: 'quiet', severityNumber: 6, body: 'debug2', kept: false },
    { scope: 'quiet', severityNumber: 8, body: 'debug4', kept: false },
    { scope: 'quiet', severityNumber: 4, body: 'trace4', kept: true },
    { scope: 'quiet', severityNumber: 9, body: 'info', kept: false },
    { scope: 'noisy.http', severityNumber: 17, body: 'error', kept: true },
  ];
  for (const { scope = 'quiet', kept: _kept, ...record } of records) emitScoped(scope, record);
  expect(bodies()).toEqual(records.filter(({ kept }) => kept).map(({ body }) => body));
});

test('a scope may be named with wildcards, of which only the asterisk is one', () => {
  const names = ['app.http', 'app.httpd', 'app-http', 'other', '@scope/app.http'];
  const matching = (scope: string): string[] => {
    const { emitScoped, delegate } = setUp({ rules: [{ scope, ratio: 1 }], ratio: 0 });
    for (const name of names) emitScoped(name, { body: name });
    return delegate.records.map(({ body }) => String(body));
  };
  expect(matching('app.http')).toEqual(['app.http']);
  expect(matching('app.*')).toEqual(['app.http', 'app.httpd']);
  expect(matching('*app.http')).toEqual(['app.http', '@scope/app.http']);
  expect(matching('a*h*p')).toEqual(['app.http', 'app-http']);
  expect(matching('*')).toEqual(names);
});

test('a record without severity counts as INFO', () => {
  const { emit, bodies } = setUp({ severityRatios: { INFO: 0 } });
  emit({ body: 'none' });
  emit({ body: 'zero', severityNumber: 0 });
  emit({ body: 'warn', severityNumber: 13 });
  expect(bodies()).toEqual(['warn']);
});

test('ERROR and above are kept, from keepMinSeverity on', () => {
  const severities = [16, 17, 20, 21, 24];
  expect(emitAll({ ratio: 0 }, severities)).toEqual([17, 20, 21, 24]);
  expect(emitAll({ ratio: 0, keepMinSeverity: 21 }, severities)).toEqual([21, 24]);
  expect(emitAll({ ratio: 0, keepMinSeverity: Infinity }, severities)).toEqual([]);
});

test('a record may ask to be kept or dropped, or for a ratio of its own', () => {
  const { emit, bodies, delegate } = setUp({ ratio: 0, random: () => 0.4 });
  const priorities = [0, 1, 59, 61, 100, 1000, Infinity, -1, Number.NaN, '100', null, undefined];
  for (const priority of priorities) emit({ body: String(priority), attributes: { 'sampling.priority': priority } });
  emit({ body: 'error', severityNumber: 17, attributes: { 'sampling.priority': 0 } });
  expect(bodies()).toEqual(['61', '100', '1000', 'Infinity']);
  expect(delegate.records[0]?.attributes).toMatchObject({
    'sampling.threshold': '63d7',
    'sampling.randomness': '66666666666668',
  });
  expect(delegate.records[1]?.attributes).toEqual({ 'sampling.priority': 100 });
});

test('priorities may be told not to count', () => {
  const { emit, bodies } = setUp({ ratio: 0, usePriority: false });
  emit({ body: 1, attributes: { 'sampling.priority': 100 } });
  expect(bodies()).toEqual([]);
});

function failing(): never {
  throw new Error('bug');
}

test('where a predicate throws the record is kept, and that is said once', () => {
  const log = collector();
  const { emit, bodies } = setUp({ rules: [{ predicate: failing, ratio: 0 }] });
  emit({ body: 1 });
  emit({ body: 2 });
  expect(bodies()).toEqual([1, 2]);
  expect(log).toEqual([expect.stringContaining('The rules[0].predicate callback threw: Error: bug')]);
});

test('where pressure or random fails the ratio counts all the same, and that is said once', () => {
  const failures: readonly Partial<SamplingLogRecordProcessorOptions>[] = [
    { random: failing },
    { random: () => 1 },
    { random: () => Number.NaN },
    { random: () => '0' as never },
    { pressure: failing },
  ];
  for (const options of failures) {
    const log = collector();
    const { emit, processor } = setUp({ ratio: 0.5, ...options });
    for (let body = 0; body < 1000; body += 1) emit({ body });
    expect(log).toEqual([expect.stringMatching(/The (random|pressure) callback (threw|did not answer)/)]);
    expect(Math.abs(processor.stats().passed - 500)).toBeLessThan(80);
  }
});

test('a predicate that rejects is no answer that counts, and is said', async () => {
  const log = collector();
  const { emit, bodies } = setUp({ rules: [{ predicate: (async () => failing()) as never, ratio: 0 }] });
  emit({ body: 1 });
  await Promise.resolve();
  expect(bodies()).toEqual([1]);
  expect(log).toEqual([expect.stringContaining('The rules[0].predicate callback threw')]);
});

test('a predicate that answers nothing does not match', () => {
  const { emit, bodies } = setUp({ rules: [{ predicate: (() => undefined) as never, ratio: 1 }], ratio: 0 });
  emit({ body: 1 });
  expect(bodies()).toEqual([]);
});

test('a predicate that answers with a promise does not match', () => {
  const predicate = vi.fn<() => boolean>(() => Promise.resolve(true) as never);
  const { emit, bodies } = setUp({ rules: [{ predicate, ratio: 0 }] });
  emit({ body: 1 });
  expect(predicate).toHaveBeenCalledOnce();
  expect(bodies()).toEqual([1]);
});

test('what a callback logs while it is asked is kept, and not put to it again', () => {
  const { emit, bodies, processor } = setUp({
    rules: [
      {
        predicate: ({ body }) => {
          emit({ body: `about ${String(body)}` });
          return true;
        },
        ratio: 0,
      },
    ],
  });
  emit({ body: 'a' });
  emit({ body: 'b' });
  expect(bodies()).toEqual(['about a', 'about b']);
  expect(processor.stats()).toMatchObject({ received: 4, passed: 2, dropped: { sampled: 2 } });
});
