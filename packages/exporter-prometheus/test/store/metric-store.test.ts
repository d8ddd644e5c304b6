import { describe, expect, it } from 'vitest';

import type { MetricLabel, MetricRule } from '../../src/rules/metric-rule.ts';
import { logRecord, type RecordFields } from './log-record.ts';
import { makeStore, NOW_MILLIS, seriesOf, storeOf, valuesOf } from './make-store.ts';

describe('the metrics without rules', () => {
  it('count records by severity and scope, and the bytes of their text bodies', () => {
    const store = makeStore();
    store.add(logRecord({ severityNumber: 17, scope: 'http', body: 'né' }), NOW_MILLIS);
    store.add(logRecord({ severityNumber: 18, scope: 'http', body: '😀' }), NOW_MILLIS);
    store.add(logRecord({ scope: '', body: { a: 1 } }), NOW_MILLIS);
    expect(valuesOf(store)).toEqual({ 'scope=http severity=ERROR': 2, 'scope=unknown severity=UNSPECIFIED': 1 });
    const [records, bytes] = store.snapshot(NOW_MILLIS);
    expect(records).toMatchObject({ name: 'log_records', type: 'counter' });
    expect(bytes).toMatchObject({ name: 'log_record_bytes', unit: 'bytes', series: [{ labels: [], value: 7 }] });
  });
});

describe('labels', () => {
  it('come from severity, scope, event name, attributes and the resource, sorted by name', () => {
    const labels: readonly MetricLabel[] = [
      { from: 'severity' },
      { from: 'scope', as: 'logger' },
      { from: 'eventName' },
      { from: 'attributes.http.route' },
      { from: 'resource.service.name' },
    ];
    const record = {
      severityNumber: 9,
      eventName: 'e',
      attributes: { 'http.route': '/' },
      resource: { 'service.name': 's' },
    };
    expect(countBy(labels, record)).toEqual({
      'event_name=e http_route=/ logger=scope service_name=s severity=INFO': 1,
    });
  });

  it('are texts of numbers and booleans, of which 200 is the same as "200"', () => {
    const values = [200, '200', true, 200n, -0].map((code) => ({ attributes: { code } }));
    expect(countBy([{ from: 'attributes.code' }], ...values)).toEqual({ 'code=200': 3, 'code=true': 1, 'code=0': 1 });
  });

  it('are missing where there is no text, number or boolean, and such a record is not counted', () => {
    const values = [undefined, null, '', [], {}, new Uint8Array(1), Symbol('x'), (): void => undefined];
    const records = values.map((user) => ({ attributes: { user } }));
    const store = storeOf({ labels: [{ from: 'attributes.user' }] }, ...records, { attributes: { user: 'u' } });
    expect(valuesOf(store)).toEqual({ 'user=u': 1 });
    expect(store.stats()[0]).toMatchObject({ counted: 1, withoutLabel: values.length });
  });

  it('have a default, or are left out, where that is said', () => {
    const withDefault = countBy([{ from: 'attributes.user', default: 'nobody' }], {}, { attributes: { user: 'u' } });
    expect(withDefault).toEqual({ 'user=nobody': 1, 'user=u': 1 });
    const optional = countBy([{ from: 'attributes.user', optional: true }, { from: 'scope' }], {}, {});
    expect(optional).toEqual({ 'scope=scope': 2 });
    expect(countBy([{ from: 'severity', optional: true }], {})).toEqual({ '': 1 });
  });

  it('become `other` where they are not on the list', () => {
    const records = ['GET', 'POST', 'EVIL', 'WORSE'].map((method) => ({ attributes: { method } }));
    const values = countBy([{ from: 'attributes.method', values: ['GET', 'POST'] }], ...records);
    expect(values).toEqual({ 'method=GET': 1, 'method=POST': 1, 'method=other': 2 });
  });

  it('are cut to 1,024 UTF-16 units between code points, and have no lone surrogates', () => {
    const texts = ['x'.repeat(5000), `${'x'.repeat(1024)}y`, `${'y'.repeat(1023)}😀`, '\ud800', '\ufffd', '?'];
    const store = storeOf({ labels: [{ from: 'attributes.a' }] }, ...texts.map((a) => ({ attributes: { a } })));
    expect(valuesOf(store)).toEqual({ [`a=${'x'.repeat(1024)}`]: 2, [`a=${'y'.repeat(1023)}`]: 1, 'a=?': 3 });
  });
});

describe('conditions', () => {
  it('say which records count, once each where any of a list is met', () => {
    const when = [{ minSeverity: 17 }, { attributes: { audit: true } }];
    const records = [
      { severityNumber: 17, attributes: { audit: true } },
      { severityNumber: 18 },
      { severityNumber: 1 },
    ];
    expect(countOf(when, ...records)).toBe(2);
  });

  it('of which a predicate throws leave the record out of that metric only, and tell it', () => {
    const told: unknown[] = [];
    const error = new Error('broken');
    const predicate = (): boolean => {
      throw error;
    };
    const metrics: MetricRule[] = [
      { name: 'a', type: 'counter', help: 'x', when: { predicate } },
      { name: 'b', type: 'counter', help: 'x' },
    ];
    const store = makeStore({ metrics }, (...event) => told.push(event));
    store.add(logRecord(), NOW_MILLIS);
    expect(store.snapshot(NOW_MILLIS).map(({ series }) => series[0]?.value)).toEqual([0, 1]);
    expect(store.stats()).toMatchObject([
      { errors: 1, counted: 0 },
      { errors: 0, counted: 1 },
    ]);
    expect(told).toEqual([['a', error]]);
  });
});

describe('a record that cannot be read', () => {
  it('is counted where what cannot be read is not needed, and throws nowhere', () => {
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('unreadable');
        },
      },
    );
    const store = makeStore({
      metrics: [
        { name: 'all', type: 'counter', help: 'x' },
        { name: 'by_user', type: 'counter', help: 'x', labels: [{ from: 'attributes.user' }] },
        { name: 'by_severity', type: 'counter', help: 'x', labels: [{ from: 'severity', default: 'none' }] },
      ],
    });
    store.add({ ...logRecord(), attributes: throwing }, NOW_MILLIS);
    store.add(throwing as never, NOW_MILLIS);
    store.add(null as never, NOW_MILLIS);
    expect(store.stats()).toMatchObject([{ counted: 3 }, { errors: 3 }, { counted: 1, errors: 2 }]);
  });
});

describe('a record that lacks what every record has', () => {
  it('is one without labels, of which defaults count', () => {
    const labels: readonly MetricLabel[] = [
      { from: 'scope' },
      { from: 'attributes.user', default: 'nobody' },
      { from: 'resource.service.name', optional: true },
    ];
    const when = [{ attributes: { user: 'x' } }, { scope: 'x' }, { maxSeverity: 24 }];
    const store = makeStore({ metrics: [{ name: 'm', type: 'counter', help: 'x', labels, when }] });
    store.add({ hrTime: [1, 0] } as never, NOW_MILLIS);
    store.add({ attributes: null, resource: null, instrumentationScope: null } as never, NOW_MILLIS);
    store.add({ attributes: {}, resource: {}, instrumentationScope: {} } as never, NOW_MILLIS);
    expect(valuesOf(store)).toEqual({ 'scope=unknown user=nobody': 3 });
  });
});

describe('new series', () => {
  it('exist from the start with value 0 where `init` names them, and are the same as those of records', () => {
    const rule: Partial<MetricRule> = {
      labels: [{ from: 'severity' }, { from: 'attributes.a', optional: true }],
      init: [{ severity: 'FATAL', a: 'x' }, { severity: 'FATAL' }, { severity: 'FATAL' }],
    };
    expect(valuesOf(storeOf(rule))).toEqual({ 'a=x severity=FATAL': 0, 'severity=FATAL': 0 });
    expect(valuesOf(storeOf(rule, { severityNumber: 21 }))).toEqual({ 'a=x severity=FATAL': 0, 'severity=FATAL': 1 });
  });

  it('exist from the start where a counter or a histogram has no labels', () => {
    expect(valuesOf(storeOf({}))).toEqual({ '': 0 });
    expect(valuesOf(storeOf({ type: 'histogram', value: 'attributes.a', buckets: [1] }))).toEqual({ '': 0 });
    expect(seriesOf(storeOf({ type: 'gauge', value: 'attributes.a' }))).toEqual([]);
  });
});

function countBy(labels: readonly MetricLabel[], ...records: readonly RecordFields[]): Record<string, number> {
  return valuesOf(storeOf({ labels }, ...records));
}

function countOf(when: NonNullable<MetricRule['when']>, ...records: readonly RecordFields[]): number {
  return valuesOf(storeOf({ when }, ...records))[''] ?? 0;
}
