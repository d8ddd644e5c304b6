import { readFieldText, resolveRecordField } from '@spillway/core';
import { describe, expect, it } from 'vitest';

import { logRecord } from './log-record.ts';

const textOf = (field: string, record: object): string | undefined =>
  readFieldText(resolveRecordField('from', field), logRecord(record));

describe('the text of a field', () => {
  it('is that of a field of the record, or of an attribute of it or of its resource', () => {
    const record = {
      severityNumber: 18,
      instrumentationScope: { name: 'http' },
      eventName: 'e',
      attributes: { 'a.b': 'one' },
      resource: { attributes: { 'a.b': 'two' } },
    };
    const fields = ['severity', 'scope', 'eventName', 'attributes.a.b', 'resource.a.b'];
    expect(fields.map((field) => textOf(field, record))).toEqual(['ERROR', 'http', 'e', 'one', 'two']);
    expect(fields.map((field) => textOf(field, {}))).toEqual(fields.map(() => undefined));
  });

  it('is that of a number or a boolean, and of nothing else', () => {
    const values = ['', 200, true, 7n, -0, null, [], {}, Symbol('x'), new Uint8Array(1)];
    const texts = values.map((a) => textOf('attributes.a', { attributes: { a } }));
    expect(texts).toEqual(['', '200', 'true', '7', '0', undefined, undefined, undefined, undefined, undefined]);
  });

  it('throws what a getter throws', () => {
    const attributes = new Proxy({}, { get: () => assertNever() });
    expect(() => textOf('attributes.a', { attributes })).toThrow('unreadable');
  });

  it.each(['body', 'attributes.', 'severity.text', '', 5, undefined])('is of no other field: %o', (field) => {
    expect(() => resolveRecordField('from', field)).toThrow('Expected `from` to be');
  });
});

function assertNever(): never {
  throw new Error('unreadable');
}
