import { describe, expect, it } from 'vitest';

import { type LokiLogRecordExporterOptions, resolveLokiOptions } from '../src/loki-exporter-options.ts';
import { pushUrl } from '../src/push-url.ts';

const SECRET = 'hunter2';

function errorOf(options: unknown): Error {
  try {
    resolveLokiOptions(options as LokiLogRecordExporterOptions);
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error.');
}

describe('pushUrl', () => {
  it.each([
    ['http://loki:3100', 'http://loki:3100/loki/api/v1/push'],
    ['http://loki:3100/', 'http://loki:3100/loki/api/v1/push'],
    ['https://loki/loki/api/v1/push', 'https://loki/loki/api/v1/push'],
    ['https://gateway/tenants/a', 'https://gateway/tenants/a/loki/api/v1/push'],
    ['https://gateway/a//', 'https://gateway/a/loki/api/v1/push'],
    ['http://[::1]:3100?x=1#part', 'http://[::1]:3100/loki/api/v1/push?x=1'],
  ])('makes %s to %s', (url, expected) => {
    expect(pushUrl('url', url)).toBe(expected);
  });

  it('is undefined without a URL', () => {
    expect(pushUrl('url', undefined)).toBeUndefined();
  });
});

describe('resolveLokiOptions', () => {
  it('has a default for everything', () => {
    expect(resolveLokiOptions({})).toEqual({
      url: undefined,
      headers: {},
      encode: { labels: [], maxStreams: 1000, maxRequestBytes: 1_048_576, schemaVersion: false, tenantId: undefined },
    });
  });

  it.each<[options: unknown, kind: string, message: RegExp]>([
    [undefined, 'TypeError', /Expected `options` to be an object/],
    [{ url: 7 }, 'TypeError', /Expected `url`/],
    [{ url: 'loki:3100' }, 'RangeError', /Expected `url` to be an http or https URL/],
    [{ url: 'ftp://loki' }, 'RangeError', /Expected `url` to be an http or https URL/],
    [{ url: `http://user:${SECRET}@loki` }, 'RangeError', /`url` .* `basicAuth`/],
    [{ url: `ht!tp://user:${SECRET}@loki` }, 'RangeError', /Expected `url`/],
    [{ tenantId: '' }, 'RangeError', /Expected `tenantId`/],
    [{ tenantId: 'a|b' }, 'RangeError', /Expected `tenantId`/],
    [{ tenantId: 'a\r\nx: y' }, 'RangeError', /Expected `tenantId`/],
    [{ tenantId: '..' }, 'RangeError', /Expected `tenantId`/],
    [{ tenantId: 'x'.repeat(151) }, 'RangeError', /Expected `tenantId`/],
    [{ tenantId: 7 }, 'TypeError', /Expected `tenantId`/],
    [{ labels: 'a' }, 'TypeError', /Expected `labels` to be a list of attribute names/],
    [{ labels: ['a', 7] }, 'TypeError', /Expected `labels`/],
    [{ labels: ['a.b', 'a_b'] }, 'RangeError', /Expected `labels` to be at most 15/],
    [
      { labels: Array.from({ length: 16 }, (_, index) => `l${index}`) },
      'RangeError',
      /Expected `labels` to be at most 15/,
    ],
    [{ labels: ['__stream_shard__'] }, 'RangeError', /Expected `labels`/],
    [{ labels: ['x'.repeat(1025)] }, 'RangeError', /Expected `labels`/],
    [{ maxStreams: 0 }, 'RangeError', /Expected `maxStreams` to be an integer from 1 and up/],
    [{ maxRequestBytes: 65_535 }, 'RangeError', /Expected `maxRequestBytes`/],
    [{ maxRequestBytes: 3.5 * 2 ** 20 + 1 }, 'RangeError', /Expected `maxRequestBytes`/],
    [{ schemaVersion: 'yes' }, 'TypeError', /Expected `schemaVersion` to be a boolean/],
    [{ delivery: {} }, 'TypeError', /Expected `delivery`/],
    [{ headers: { 'Content-Encoding': SECRET } }, 'RangeError', /Expected `headers` not to have `Content-Encoding`/],
    [{ headers: { 'X-Scope-OrgID': 'a' }, tenantId: 'b' }, 'RangeError', /not to have `X-Scope-OrgID`/],
    [
      { basicAuth: { username: 'u', password: SECRET }, bearerToken: SECRET },
      'TypeError',
      /either `basicAuth` or `bearerToken`/,
    ],
    [{ basicAuth: { username: `u:${SECRET}`, password: 'p' } }, 'RangeError', /Expected `basicAuth.username`/],
  ])('refuses %j', (options, kind, message) => {
    const error = errorOf(options);
    expect(error.name).toBe(kind);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(SECRET);
  });
});
