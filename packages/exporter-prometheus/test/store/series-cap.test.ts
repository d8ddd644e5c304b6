import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MetricStats } from '../../src/store/metric-tally.ts';
import { logRecord } from './log-record.ts';
import { makeStore, NOW_MILLIS, seriesOf, storeOf, valuesOf } from './make-store.ts';

const OVERFLOW = 'otel_metric_overflow';

describe('the cap on series', () => {
  it('holds exactly, with totals that are exact, whatever the values', () => {
    const value = fc.constantFrom('a', 'b', 'c', 'd', '', '\ud800', '?', undefined, 1, '1');
    const record = fc.record({ one: value, two: value, log_count: fc.integer({ min: 1, max: 5 }) });
    const property = fc.property(
      fc.array(record, { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (records, maxSeries) => {
        const labels = [{ from: 'attributes.one' }, { from: 'attributes.two', optional: true }] as const;
        const store = storeOf({ labels, maxSeries }, ...records.map((attributes) => ({ attributes })));
        const expected = new Map<string, number>();
        let overflow = 0;
        for (const { one, two, log_count: count } of records) {
          if (one === undefined || one === '') continue;
          const pairs = [`one=${one}`, ...(two === undefined || two === '' ? [] : [`two=${two}`])];
          const key = pairs.join(' ').replaceAll('\ud800', '?');
          if (expected.has(key) || expected.size < maxSeries) expected.set(key, (expected.get(key) ?? 0) + count);
          else overflow += count;
        }
        if (overflow > 0) expected.set(`one=${OVERFLOW} two=${OVERFLOW}`, overflow);
        expect(valuesOf(store)).toEqual(Object.fromEntries(expected));
        expect(seriesOf(store).length).toBeLessThanOrEqual(maxSeries + 1);
        const { counted, overflowed, withoutLabel } = store.stats()[0] as MetricStats;
        expect(counted + overflowed + withoutLabel).toBe(records.length);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('counts what is beyond it in one series, whose labels all say so', () => {
    const labels = [{ from: 'attributes.user' }, { from: 'scope', optional: true }] as const;
    const users = ['a', 'b', 'c', 'd', 'a'].map((user) => ({ attributes: { user } }));
    const store = storeOf({ labels, maxSeries: 2 }, ...users);
    expect(valuesOf(store)).toEqual({
      'scope=scope user=a': 2,
      'scope=scope user=b': 1,
      [`scope=${OVERFLOW} user=${OVERFLOW}`]: 2,
    });
    expect(store.stats()[0]).toMatchObject({ counted: 3, overflowed: 2, overLimit: 0, series: 3 });
  });

  it('has one overflow series only, also where a record has its very labels', () => {
    const labels = [{ from: 'attributes.user' }] as const;
    const users = [OVERFLOW, 'a', 'b', 'c', OVERFLOW].map((user) => ({ attributes: { user } }));
    const values = valuesOf(storeOf({ labels, maxSeries: 1 }, ...users));
    expect(values).toEqual({ [`user=${OVERFLOW}`]: 4, 'user=b': 1 });
  });

  it('leaves out what is beyond it where that is wanted, and counts it', () => {
    const users = ['a', 'b', 'c', 'a'].map((user) => ({ attributes: { user } }));
    const store = storeOf({ labels: [{ from: 'attributes.user' }], maxSeries: 1, overflow: 'drop' }, ...users);
    expect(valuesOf(store)).toEqual({ 'user=a': 2 });
    expect(store.stats()[0]).toMatchObject({ counted: 2, overLimit: 2, series: 1 });
  });

  it('is the default for gauges that are set, because a mix of them would mean nothing', () => {
    const rule = {
      type: 'gauge',
      value: 'attributes.size',
      labels: [{ from: 'attributes.user' }],
      maxSeries: 1,
    } as const;
    const records = ['a', 'b'].map((user) => ({ attributes: { user, size: 1 } }));
    expect(Object.keys(valuesOf(storeOf(rule, ...records)))).toEqual(['user=a']);
    expect(Object.keys(valuesOf(storeOf({ ...rule, action: 'add' }, ...records)))).toEqual([
      'user=a',
      `user=${OVERFLOW}`,
    ]);
  });

  it('keeps 100,000 distinct values from making more than its series', () => {
    const store = makeStore({
      metrics: [{ name: 'm', type: 'counter', help: 'x', labels: [{ from: 'attributes.user' }] }],
    });
    for (let user = 0; user < 100_000; user += 1) store.add(logRecord({ attributes: { user } }), NOW_MILLIS);
    const series = seriesOf(store);
    expect(series).toHaveLength(1001);
    expect(series.at(-1)).toMatchObject({ labels: [['user', OVERFLOW]], value: 99_000 });
  });
});

describe('idle gauges', () => {
  const labels = [{ from: 'attributes.user' }, { from: 'attributes.room', optional: true }] as const;
  const rule = {
    name: 'm',
    type: 'gauge',
    help: 'x',
    value: 'attributes.size',
    labels,
    maxSeries: 2,
    idleTimeoutMillis: 100,
  } as const;

  it('end, are not counted on the cap any more, and may begin anew', () => {
    const store = makeStore({ metrics: [rule] });
    store.add(gauge('a', 'x'), 0);
    store.add(gauge('a', 'y'), 50);
    store.add(gauge('b'), 99);
    expect(Object.keys(valuesOf(store, 99))).toEqual(['room=x user=a', 'room=y user=a']);
    store.add(gauge('b'), 100);
    expect(Object.keys(valuesOf(store, 149))).toEqual(['room=y user=a', 'user=b']);
    expect(Object.keys(valuesOf(store, 150))).toEqual(['user=b']);
    expect(valuesOf(store, 200)).toEqual({});
    store.add(gauge('a', 'x'), 300);
    expect(store.snapshot(300)[0]?.series).toMatchObject([{ value: 1 }]);
    expect(store.stats()[0]).toMatchObject({ overLimit: 1, counted: 4, series: 1 });
  });

  it('end where they have no labels as well', () => {
    const store = makeStore({ metrics: [{ ...rule, labels: [] }] });
    store.add(gauge('a'), 0);
    expect(valuesOf(store, 99)).toEqual({ '': 1 });
    expect(valuesOf(store, 100)).toEqual({});
    store.add(gauge('a'), 101);
    expect(valuesOf(store, 102)).toEqual({ '': 1 });
  });

  it('end with their overflow series, which begins anew as well', () => {
    const store = makeStore({ metrics: [{ ...rule, maxSeries: 1, action: 'add', overflow: 'series' }] });
    for (const now of [0, 500]) {
      expect(valuesOf(store, now)).toEqual({});
      for (const user of ['a', 'b', 'c']) store.add(gauge(user), now);
      expect(valuesOf(store, now)).toEqual({ 'user=a': 1, [`room=${OVERFLOW} user=${OVERFLOW}`]: 2 });
    }
  });

  it('stay for as long as records change them, and where they exist from the start until one has', () => {
    const store = makeStore({ metrics: [{ ...rule, init: [{ user: 'a' }] }] });
    for (let now = 0; now <= 500; now += 50) store.add(gauge('b'), now);
    expect(valuesOf(store, 599)).toEqual({ 'user=a': 0, 'user=b': 1 });
    expect(valuesOf(store, 600)).toEqual({ 'user=a': 0 });
    expect(valuesOf(store, 800)).toEqual({ 'user=a': 0 });
    store.add(gauge('a'), 900);
    expect(valuesOf(store, 999)).toEqual({ 'user=a': 1 });
    expect(valuesOf(store, 1000)).toEqual({});
  });
});

function gauge(user: string, room?: string): ReturnType<typeof logRecord> {
  return logRecord({ attributes: { user, room, size: 1 } });
}
