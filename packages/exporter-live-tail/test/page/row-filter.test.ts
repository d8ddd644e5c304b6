import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { RecordCriteria } from '../../src/live-tail-client.ts';
import { ALL_ROWS, isFiltering, rowFilter } from '../../page/src/row-filter.ts';
import { recordRow } from './rows.ts';

const word = fc.constantFrom('', 'a', 'B', 'ab', 'Ba');
const fields = fc.record({
  severityNumber: fc.integer({ min: 0, max: 26 }),
  scope: word,
  body: word,
  traceId: word,
  attributes: fc.dictionary(word, fc.oneof(word, fc.array(word), fc.dictionary(word, word))),
});
const criteria = fc.record({ minSeverity: fc.constantFrom(1, 5, 9, 17), text: word, scope: word, traceId: word });

test('a row is shown exactly where each criterion alone shows it', () => {
  fc.assert(
    fc.property(fields, criteria, (record, wanted) => {
      const row = recordRow(0, record);
      const alone = (Object.keys(wanted) as (keyof RecordCriteria)[]).map((name) =>
        rowFilter({ ...ALL_ROWS, [name]: wanted[name] })(row),
      );
      expect(rowFilter(wanted)(row)).toBe(alone.every(Boolean));
    }),
  );
});

test.each([
  ['body', { body: 'Payment DECLINED' }],
  ['body that is an object', { body: { outcome: ['Declined'] } }],
  ['attribute', { attributes: { reason: 'card declined' } }],
  ['part of an attribute', { attributes: { card: { state: 'DECLINED' } } }],
  ['exception', { attributes: { 'exception.message': 'declined by the bank' } }],
  ['name of an event', { eventName: 'payment.declined' }],
])('finds text in a %s, in any case', (_, record) => {
  expect(rowFilter({ ...ALL_ROWS, text: ' Declined ' })(recordRow(0, record))).toBe(true);
});

test('does not find text in names of attributes, nor across two values', () => {
  const row = recordRow(0, { body: 'de', attributes: { declined: 'clined' } });
  expect(rowFilter({ ...ALL_ROWS, text: 'declined' })(row)).toBe(false);
});

test('finds numbers and truth values as text', () => {
  const row = recordRow(0, { attributes: { status: 503, retried: true, nothing: null } });
  const found = ['503', 'true', 'null'].filter((text) => rowFilter({ ...ALL_ROWS, text })(row));
  expect(found).toEqual(['503', 'true', 'null']);
});

test('a record without severity counts as INFO', () => {
  const row = recordRow(0);
  expect([9, 13].map((minSeverity) => rowFilter({ ...ALL_ROWS, minSeverity })(row))).toEqual([true, false]);
});

test('a trace is found by the beginning of its id, a scope by any part of its name', () => {
  const row = recordRow(0, { traceId: '4bf92f3577b34da6', scope: 'shop.Orders' });
  expect(['4BF9', 'f92f'].map((traceId) => rowFilter({ ...ALL_ROWS, traceId })(row))).toEqual([true, false]);
  expect(['orders', 'order.'].map((scope) => rowFilter({ ...ALL_ROWS, scope })(row))).toEqual([true, false]);
});

test('marks of what is missing are shown whatever the filters say', () => {
  const isShown = rowFilter({ minSeverity: 21, text: 'x', scope: 'x', traceId: 'x' });
  expect(isShown({ kind: 'gap', number: 0, count: 5, reason: 'slow', bytes: 1 })).toBe(true);
  expect(isShown({ kind: 'restart', number: 0, time: 0, bytes: 1 })).toBe(true);
});

test('knows whether something is left out', () => {
  expect(isFiltering({ ...ALL_ROWS, text: '  ' })).toBe(false);
  expect(isFiltering({ ...ALL_ROWS, scope: 'a' })).toBe(true);
  expect(isFiltering({ ...ALL_ROWS, minSeverity: 5 })).toBe(true);
});
