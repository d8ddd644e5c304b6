import { describe, expect, it } from 'vitest';

import type { MetricRule } from '../../src/rules/metric-rule.ts';
import { logRecord } from './log-record.ts';
import { makeStore, NOW_MILLIS, seriesOf, storeOf, valuesOf } from './make-store.ts';

const bug = (): never => {
  throw new Error('bug');
};
const rejects = (): Promise<never> => Promise.reject(new Error('late'));
const nothing = (): undefined => undefined;
const lengthen = (text: string): string => `\ud800${text.repeat(1000)}`;
const statuses = (...list: unknown[]): { attributes: { status: unknown } }[] =>
  list.map((status) => ({ attributes: { status } }));

describe('a function that reads the value', () => {
  it('gives the number of a record, weighted as any other', () => {
    const rule: Partial<MetricRule> = { value: ({ body }) => (body as { size: number }).size };
    const store = storeOf(rule, { body: { size: 3 } }, { body: { size: 0.5 }, attributes: { log_count: 2 } });
    expect(valuesOf(store)).toEqual({ '': 4 });
    const histogram = storeOf({ ...rule, type: 'histogram', buckets: [1] }, { body: { size: 3 } });
    expect(seriesOf(histogram)[0]?.buckets?.map(({ count }) => count)).toEqual([0, 1]);
    expect(valuesOf(storeOf({ type: 'gauge', value: () => -7 }, {}))).toEqual({ '': -7 });
  });

  it.each<[answer: string, read: () => unknown, tally: object]>([
    ['undefined', () => undefined, { withoutValue: 1 }],
    ['null', () => null, { withoutValue: 1 }],
    ['NaN', () => Number.NaN, { invalidValues: 1 }],
    ['a number below 0', () => -1, { invalidValues: 1 }],
    ['an object', () => ({}), { invalidValues: 1 }],
    ['a promise', () => Promise.resolve(1), { errors: 1 }],
    ['a promise that rejects', rejects, { errors: 1 }],
  ])('counts nothing where it answers %s, which is tallied', (_, read, tally) => {
    const store = storeOf({ value: read as () => number }, {});
    expect(valuesOf(store)).toEqual({ '': 0 });
    expect(store.stats()[0]).toMatchObject({ counted: 0, ...tally });
  });
});

describe('a function that maps a label', () => {
  const classes: Partial<MetricRule> = {
    labels: [{ from: 'attributes.status', map: (status) => `${status[0]}xx`, default: 'none' }],
  };

  it('makes its value of the text that was read, of which there are fewer then', () => {
    const store = storeOf(classes, ...statuses(200, 204, '503', undefined, ''));
    expect(valuesOf(store)).toEqual({ 'status=2xx': 2, 'status=5xx': 1, 'status=none': 2 });
  });

  it('is asked before the list of values is', () => {
    const labels = [{ from: 'severity', map: (text: string) => text.toLowerCase(), values: ['error'] }] as const;
    expect(valuesOf(storeOf({ labels }, { severityNumber: 17 }, { severityNumber: 9 }))).toEqual({
      'severity=error': 1,
      'severity=other': 1,
    });
  });

  it('leaves a label out, or the record, where it answers no text', () => {
    const optional = storeOf({ labels: [{ from: 'severity', map: nothing, optional: true }] }, { severityNumber: 9 });
    expect(valuesOf(optional)).toEqual({ '': 1 });
    const needed = storeOf({ labels: [{ from: 'scope', map: () => ({}) as string, as: 'a' }] }, {});
    expect(valuesOf(needed)).toEqual({ 'a=unknown': 1 });
    const without = storeOf({ labels: [{ from: 'attributes.status', map: () => '' }] }, ...statuses(1));
    expect(without.stats()[0]).toMatchObject({ counted: 0, withoutLabel: 1 });
  });

  it('may answer anything, which is made safe', () => {
    const store = storeOf({ labels: [{ from: 'attributes.status', map: lengthen }] }, ...statuses('ab'));
    expect(valuesOf(store)).toEqual({ [`status=?${'ab'.repeat(511)}a`]: 1 });
  });
});

describe('a function that fails', () => {
  it('costs its metric the record, is told, and stops nothing else', () => {
    const told: unknown[] = [];
    const rule = { type: 'counter', help: 'x' } as const;
    const metrics: MetricRule[] = [
      { ...rule, name: 'value', value: bug },
      { ...rule, name: 'map', labels: [{ from: 'scope', map: bug }] },
      { ...rule, name: 'predicate', when: { predicate: rejects as never } },
      { ...rule, name: 'late', labels: [{ from: 'scope', map: rejects as never }] },
      { ...rule, name: 'all' },
    ];
    const store = makeStore({ metrics }, (name, error) => told.push([name, String(error)]));
    store.add(logRecord(), NOW_MILLIS);
    expect(store.stats().map(({ counted, errors }) => [counted, errors])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    const promise = 'TypeError: A function answers with a promise: it must answer at once.';
    expect(told).toEqual([
      ['value', 'Error: bug'],
      ['map', 'Error: bug'],
      ['predicate', promise],
      ['late', promise],
    ]);
  });
});
