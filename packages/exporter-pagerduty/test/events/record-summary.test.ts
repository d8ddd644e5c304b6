import { describe, expect, it, vi } from 'vitest';

import { alertSummary, changeSummary } from '../../src/events/record-summary.ts';
import { machineName, sourceOf } from '../../src/events/record-text.ts';
import { readChoice } from '../../src/key/read-choice.ts';
import { KIND } from '../../src/rules/resolve-key.ts';
import { severityOf } from '../../src/events/severity-of.ts';
import { logRecord } from '../log-record.ts';

const resource = { 'service.name': 'checkout' };
const exception = { 'exception.type': 'TypeError', 'exception.message': 'x is not a function\n  at y' };
const never = (): never => {
  throw new Error('onError was called');
};

describe('the severity of an incident', () => {
  it.each([
    [24, 'critical'],
    [21, 'critical'],
    [20, 'error'],
    [17, 'error'],
    [16, 'warning'],
    [13, 'warning'],
    [12, 'info'],
    [1, 'info'],
    [0, 'info'],
    [undefined, 'info'],
    [17n, 'info'],
  ])('of %s is %s', (severityNumber, severity) => {
    expect(severityOf(severityNumber)).toBe(severity);
  });
});

describe('the default summary', () => {
  it.each([
    [{ resource, body: '\n  no database \nsecond line' }, '[ERROR] checkout: no database'],
    [{ body: 'no database', severityNumber: 21 }, '[FATAL] no database'],
    [{ resource, attributes: exception, eventName: 'failed' }, '[ERROR] checkout: TypeError: x is not a function'],
    [{ resource, attributes: { 'exception.message': 'odd' } }, '[ERROR] checkout: odd'],
    [{ resource, body: ' \n', eventName: 'job.failed' }, '[ERROR] checkout: job.failed'],
    [{ body: { code: 7 } }, '[ERROR] {"code":7}'],
    [{ body: 7 }, '[ERROR] 7'],
    [{ resource }, '[ERROR] checkout: a record without a text'],
    [{ body: '\u001b[31mred\u0007' }, '[ERROR]  [31mred'],
  ])('of %o', (fields, summary) => {
    expect(alertSummary(logRecord(fields), undefined, never)).toBe(summary);
  });

  it('of a change has service, event name and text', () => {
    const record = logRecord({ resource, eventName: 'deployment', body: 'v2 to production' });
    expect(changeSummary(record, undefined, never)).toBe('checkout: deployment: v2 to production');
    expect(changeSummary(logRecord({ eventName: 'deployment' }), undefined, never)).toBe('deployment');
  });

  it('is cut to 1,024 units at a code point', () => {
    const summary = alertSummary(logRecord({ body: '\u{1f525}'.repeat(5000) }), undefined, never);
    expect(summary.length).toBeLessThanOrEqual(1024);
    expect(summary.endsWith('\u{1f525}…')).toBe(true);
  });

  it('survives a record that cannot be read', () => {
    const record = new Proxy({}, { get: never }) as never;
    expect(alertSummary(record, undefined, never)).toBe('[INFO] a record without a text');
    expect(sourceOf(record, 'machine')).toBe('machine');
    expect(readChoice(KIND, record)).toBeUndefined();
  });
});

describe("a user's summary", () => {
  const record = logRecord({ resource, body: 'no database' });

  it('is used, on one line', () => {
    expect(alertSummary(record, () => ' one\ntwo ', never)).toBe('one two');
  });

  it.each([
    ['throws', never],
    ['answers with nothing', () => undefined],
    ['answers with a blank text', () => ' \n'],
    ['answers with a promise', () => Promise.resolve('text')],
    ['answers with a promise that rejects', () => Promise.reject(new Error('late'))],
  ])('that %s gives way to the default, and says so', (_, summary) => {
    const onError = vi.fn<(error: unknown) => void>();
    expect(alertSummary(record, summary as never, onError)).toBe('[ERROR] checkout: no database');
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(Error));
  });
});

describe('the default source and class', () => {
  it('are what tells best', () => {
    const full = { 'host.name': 'host-1', 'service.instance.id': 'id', 'service.name': 'checkout' };
    const { 'host.name': _, ...withoutHost } = full;
    expect(sourceOf(logRecord({ resource: full }), 'machine')).toBe('host-1');
    expect(sourceOf(logRecord({ resource: withoutHost }), 'machine')).toBe('id');
    expect(sourceOf(logRecord({ resource }), 'machine')).toBe('checkout');
    expect(sourceOf(logRecord({ resource: { 'host.name': Promise.resolve('x') } }), 'machine')).toBe('machine');
    expect(readChoice(KIND, logRecord({ eventName: 'job.failed', attributes: exception }))).toBe('job.failed');
    expect(readChoice(KIND, logRecord({ attributes: exception }))).toBe('TypeError');
  });

  it('the machine has a name', () => {
    expect(machineName()).not.toBe('');
  });
});
