import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { takeSample } from '../../src/incidents/take-sample.ts';
import { anything, hostileValues } from '../hostile-values.ts';
import { logRecord, SECONDS } from '../log-record.ts';

const KIB = 1024;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

function jsonCharacters(value: unknown): number {
  return JSON.stringify(value).length;
}

describe('a sample', () => {
  it('has what an incident shows of a record', () => {
    const record = logRecord({
      body: { text: 'no database', at: new Date(0) },
      eventName: 'db.lost',
      attributes: { 'db.name': 'orders', attempts: 3n },
      spanContext: { traceId: TRACE_ID, spanId: SPAN_ID.toUpperCase(), traceFlags: 1 },
      hrTime: [SECONDS, 5_999_999],
    });
    expect(takeSample(record)).toEqual({
      timeMillis: SECONDS * 1000 + 5,
      severityNumber: 17,
      eventName: 'db.lost',
      body: { text: 'no database', at: '1970-01-01T00:00:00.000Z' },
      scope: 'scope',
      attributes: { 'db.name': 'orders', attempts: '3' },
      traceId: TRACE_ID,
      spanId: SPAN_ID,
    });
  });

  it.each([{ traceId: '0'.repeat(32), spanId: '0'.repeat(16) }, { traceId: 'trace', spanId: 7 }, 'span'])(
    'has no ids that are not valid: %o',
    (spanContext) => {
      const sample = takeSample(logRecord({ spanContext }));
      expect(sample).not.toHaveProperty('traceId');
      expect(sample).not.toHaveProperty('spanId');
    },
  );

  it('takes the time of observation where the record has none', () => {
    expect(takeSample(logRecord({ hrTime: [0, 0] })).timeMillis).toBe(SECONDS * 1000);
    expect(takeSample(logRecord({ hrTime: 'now' })).timeMillis).toBe(SECONDS * 1000);
  });

  it('cuts texts to 4,096 units, never within a pair', () => {
    const fire = '\u{1f525}';
    const { body, attributes } = takeSample(
      logRecord({ body: `a${fire.repeat(3000)}`, attributes: { a: fire.repeat(3000) } }),
    );
    expect(body).toBe(`a${fire.repeat(2047)}…`);
    expect(attributes).toEqual({ a: `${fire.repeat(2047)}…` });
  });

  it('keeps a text that just fits, and repairs lone surrogates', () => {
    expect(takeSample(logRecord({ body: 'x'.repeat(4096) })).body).toBe('x'.repeat(4096));
    expect(takeSample(logRecord({ body: 'a\ud800' })).body).toBe('a\ufffd');
  });

  it('has 64 attributes at most', () => {
    const attributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));
    const sample = takeSample(logRecord({ attributes }));
    expect(Object.keys(sample.attributes ?? {})).toEqual(Array.from({ length: 64 }, (_, index) => `key${index}`));
  });

  it('leaves room for attributes beside a body that is a data dump', () => {
    const body = Array.from({ length: 100 }, () => 'x'.repeat(4096));
    const sample = takeSample(logRecord({ body, attributes: { a: 1 } }));
    expect(sample.attributes).toEqual({ a: 1 });
    expect((sample.body as string[]).at(-1)).toBe('[Truncated]');
  });

  it('writes bytes as base64, and numbers that JSON has not as texts', () => {
    const { body } = takeSample(logRecord({ body: [new Uint8Array([1, 2, 255]), Number.NaN, -Infinity] }));
    expect(body).toEqual(['AQL/', 'NaN', '-Infinity']);
  });

  it('reads each field in isolation', () => {
    const fields = [
      'body',
      'hrTime',
      'severityNumber',
      'eventName',
      'attributes',
      'instrumentationScope',
      'spanContext',
    ];
    const whole = takeSample(logRecord({ body: 'text', eventName: 'event', attributes: { a: 1 } }));
    for (const field of fields) {
      const record = logRecord({ body: 'text', eventName: 'event', attributes: { a: 1 } });
      Object.defineProperty(record, field, {
        get: () => {
          throw new Error('trap');
        },
      });
      const sample = takeSample(record);
      const same = Object.entries(sample).filter(
        ([key, value]) => JSON.stringify(value) === JSON.stringify(whole[key as never]),
      );
      expect(same.length).toBeGreaterThanOrEqual(4);
    }
  });

  it.each([undefined, null, 'record', {}, new Proxy({}, { get: () => hostileValues }), []])(
    'is made of no record: %o',
    (record) => {
      expect(takeSample(record as never)).toMatchObject({ severityNumber: 0 });
    },
  );

  it('is bounded, plain and well-formed, whatever the record holds', () => {
    fc.assert(
      fc.property(anything, anything, anything, anything, (...makers) => {
        const [body, value, attributes, other] = makers.map((make) => make());
        const fields = { body, eventName: other, severityNumber: other, hrTime: other, spanContext: other };
        const samples = [
          takeSample(logRecord({ ...fields, attributes: { value, body, other, ['\ud800']: 1 } })),
          takeSample(logRecord({ ...fields, attributes })),
        ];
        for (const sample of samples) {
          // Escapes and brackets come on top of the estimate.
          expect(jsonCharacters(sample)).toBeLessThan(6 * 33 * KIB);
          expect(JSON.parse(JSON.stringify(sample))).toEqual(JSON.parse(JSON.stringify(structuredClone(sample))));
          expect(JSON.stringify(sample)).not.toMatch(/\\ud[89a-f]/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
