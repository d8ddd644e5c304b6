import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readEventBody } from './event-body.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** `read`, or the error that the answer names. */
function outcome(body: string | Uint8Array, headers: Record<string, string> = JSON_HEADERS): string | undefined {
  const result = readEventBody(headers, Buffer.from(body));
  return 'event' in result ? 'read' : result.refusal.body.errors?.[0];
}

describe('the body of an event', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])(
    'may be %s',
    (type) => {
      expect(outcome('{}', { 'content-type': type })).toBe('read');
    },
  );

  it.each(['', 'text/plain', 'application/json; charset=latin1', 'application/x-www-form-urlencoded'])(
    'is not %j',
    (type) => {
      expect(outcome('{}', { 'content-type': type })).toContain('should be application/json');
    },
  );

  it('is not compressed', () => {
    const headers = { ...JSON_HEADERS, 'content-encoding': 'gzip' };
    expect(outcome(gzipSync('{}'), headers)).toBe("Content-Encoding 'gzip' is not supported");
  });

  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"{}"'],
    ['an object and more', '{} {}'],
    ['a byte order mark first', '\ufeff{}'],
    ['a number that is none', '{"a":NaN}'],
    ['a line break within a text', '{"a":"\n"}'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['half of a surrogate pair', String.raw`{"a":["\ud83d"]}`],
    ['half of a surrogate pair in a name', String.raw`{"a":{"\udd25":1}}`],
  ])('is refused with %s', (_, body) => {
    expect(outcome(body)).toBe('JSON parse error');
  });

  it('may have 512,000 bytes, and not one more', () => {
    const text = 'x'.repeat(512_000 - '{"a":""}'.length);
    expect(outcome(`{"a":"${text}"}`)).toBe('read');
    expect(outcome(`{"a":"${text}x"}`)).toBe('Event object is too large (maximum is 512000 bytes)');
  });

  it('counts bytes, not characters', () => {
    expect(outcome(JSON.stringify({ a: '界'.repeat(170_663) }))).toBe('read');
    expect(outcome(JSON.stringify({ a: '界'.repeat(170_665) }))).toContain('too large');
  });

  it('reads every object as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), (object) => {
        const text = JSON.stringify(object);
        expect(readEventBody(JSON_HEADERS, Buffer.from(text))).toEqual({ event: JSON.parse(text) as unknown });
      }),
    );
  });
});
