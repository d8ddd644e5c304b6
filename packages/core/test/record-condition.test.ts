import { effectiveSeverity, meetsAny, type RecordCondition, resolveConditions } from '@spillway/core';
import { describe, expect, it } from 'vitest';

import { logRecord } from './log-record.ts';

const http = { name: 'http' };
const answer = ({ body }: { readonly body?: unknown }): boolean => body as boolean;
const bug = (): never => {
  throw new Error('bug');
};

describe('a condition', () => {
  it('compares severities, a record without one being INFO', () => {
    const records = [undefined, 0, 8, 9, 12, 13, 99].map((severityNumber) => ({ severityNumber }));
    expect(countOf({ minSeverity: 9, maxSeverity: 12 }, ...records)).toBe(4);
    expect(countOf({ minSeverity: 24 }, ...records)).toBe(1);
  });

  it('compares scope, event name and attributes as they are, and all must be met', () => {
    const attributes = { 'http.status': 500, ok: false };
    const record = { instrumentationScope: http, eventName: 'request', attributes: { ...attributes, more: 1 } };
    const others = [
      { instrumentationScope: { name: 'x' } },
      { eventName: 'x' },
      { attributes: { 'http.status': '500', ok: false } },
    ];
    const condition = { scope: 'http', eventName: 'request', attributes };
    expect(countOf(condition, record, ...others.map((other) => ({ ...record, ...other })))).toBe(1);
  });

  it('is met by all records where nothing is given', () => {
    expect(countOf({}, {}, { severityNumber: 24 })).toBe(2);
    expect(countOf(undefined, {}, { severityNumber: 24 })).toBe(2);
  });

  it('of a list is enough', () => {
    const conditions = [{ minSeverity: 17 }, { attributes: { audit: true } }];
    expect(countOf(conditions, { attributes: { audit: true } }, { severityNumber: 18 }, { severityNumber: 1 })).toBe(2);
  });

  it('can be a predicate, which must answer true, and at once', () => {
    expect(countOf({ predicate: answer }, ...[true, false, 1, 'yes'].map((body) => ({ body })))).toBe(1);
    const late = Promise.reject(new Error('late'));
    expect(() => countOf({ predicate: answer }, { body: late })).toThrow('A function answers with a promise');
  });

  it('lets through what a predicate or a getter throws', () => {
    expect(() => countOf({ predicate: bug }, {})).toThrow('bug');
    expect(() => countOf({ attributes: { a: 1 } }, { attributes: new Proxy({}, { get: bug }) })).toThrow('bug');
  });

  it('is not met by a record that lacks what every record has', () => {
    const empty = [{}, { attributes: null, instrumentationScope: null }];
    expect(countOf([{ attributes: { user: 'x' } }, { scope: 'x' }], ...empty)).toBe(0);
  });

  it.each<[expected: string, condition: unknown]>([
    ['`when`', []],
    ['`when`', 'error'],
    ['`when` to be an object, such as `{ minSeverity: 17 }` or `{ predicate }`', () => true],
    ['`when[1]`', [{}, null]],
    ['`when.severity` to be left out', { severity: 17 }],
    ['`when[1].event`', [{}, { event: 'x' }]],
    ['`when.minSeverity`', { minSeverity: 25 }],
    ['`when.maxSeverity`', { minSeverity: 9, maxSeverity: 8 }],
    ['`when.scope`', { scope: '' }],
    ['`when.eventName`', { eventName: 5 }],
    ['`when.predicate`', { predicate: true }],
    ['`when.attributes`', { attributes: 'a' }],
    ['`when.attributes.a`', { attributes: { a: null } }],
    ['`when.attributes.a`', { attributes: { a: Number.NaN } }],
  ])('must be right: %s', (expected, condition) => {
    expect(() => resolveConditions('when', condition as RecordCondition)).toThrow(`Expected ${expected}`);
  });
});

function countOf(when: Parameters<typeof resolveConditions>[1], ...records: readonly object[]): number {
  const conditions = resolveConditions('when', when);
  return records
    .map(logRecord)
    .filter((record) => meetsAny(conditions, record, effectiveSeverity(record.severityNumber))).length;
}
