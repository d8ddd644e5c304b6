import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import type { Origin } from '../src/origin.ts';
import { hrTimeOf, makeRecord, NOW_MILLIS, OPTIONS } from './encode-options.ts';

/** Whether a record takes the way that nearly all must take for the encoder to be fast. */
function isFast(record: ReadableLogRecord): boolean {
  const state = new EncodeState(OPTIONS);
  state.startBatch(NOW_MILLIS);
  const origin = state.originOf(record) as Origin;
  return state.fast.encode(record, origin, origin.keys) !== undefined;
}

const spanContext = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', traceFlags: 1 };

describe('the fast way', () => {
  it.each<[name: string, fields: { readonly [Field in keyof ReadableLogRecord]?: unknown }]>([
    ['a text', { body: 'hello', severityNumber: 9, severityText: 'INFO' }],
    ['a text with quotes, line breaks and emoji', { body: '"a"\n\té 😀 \ud800' }],
    ['an object as body', { body: { a: [1, { b: null }] } }],
    ['no body', { body: undefined }],
    [
      'attributes of every kind',
      { attributes: { a: 'x', b: 1.5, c: true, d: ['x'], e: { f: { g: 1 } }, h: null, i: undefined } },
    ],
    ['an attribute that a field overrules', { attributes: { trace_id: 'x' }, spanContext }],
    [
      'an attribute that the resource overrules',
      { attributes: { 'host.name': 'x' }, resource: { attributes: { 'host.name': 'h' } } },
    ],
    ['a span, an event name and dropped attributes', { spanContext, eventName: 'clicked', droppedAttributesCount: 2 }],
    ['another time than that of observation', { hrTime: hrTimeOf(NOW_MILLIS - 5, 7) }],
  ])('is taken by %s', (_, fields) => {
    expect(isFast(makeRecord(fields))).toBe(true);
  });

  it.each<[name: string, fields: { readonly [Field in keyof ReadableLogRecord]?: unknown }]>([
    ['two attributes of one name', { attributes: { 'a.b': 1, a_b: 2 } }],
    [
      'an empty value that erases another',
      { attributes: { 'host.name': '' }, resource: { attributes: { 'host.name': 'h' } } },
    ],
    ['a resource that overrules a field', { resource: { attributes: { 'trace.id': 'x' } } }],
    ['no time', { hrTime: [0, 0] }],
    ['a time in the future', { hrTime: hrTimeOf(NOW_MILLIS + 700_000) }],
    ['a long line', { body: 'x'.repeat(100_000) }],
    ['much metadata', { attributes: { a: 'x'.repeat(30_000) } }],
    ['many pairs', { attributes: Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`k${index}`, 1])) }],
  ])('is left to the careful one by %s', (_, fields) => {
    expect(isFast(makeRecord(fields))).toBe(false);
  });

  it('stays exact when there are more attribute names than it remembers', () => {
    const state = new EncodeState(OPTIONS);
    state.startBatch(NOW_MILLIS);
    for (let index = 0; index < 2000; index += 1) {
      const record = makeRecord({ attributes: { [`k.${index}`]: 1, [`k_${index}`]: 2, always: 'x' } });
      const origin = state.originOf(record) as Origin;
      expect(state.fast.encode(record, origin, origin.keys)).toBeUndefined();
    }
  });
});
