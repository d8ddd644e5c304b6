import { Secret } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { checkRequestHeaders, type RequestHeaderOptions, revealHeaders } from '../src/request-headers.ts';

const SECRET = 'hunter2';

function errorOf(field: string, options: unknown): Error {
  try {
    checkRequestHeaders(field, options as RequestHeaderOptions, ['x-scope-orgid']);
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error.');
}

function reveal(options: RequestHeaderOptions): Promise<Record<string, string>> {
  return revealHeaders(checkRequestHeaders('', options));
}

describe('credentials', () => {
  test.each<[options: RequestHeaderOptions, headers: Record<string, string>]>([
    [{}, {}],
    [{ headers: { Authorization: 'mine' } }, { authorization: 'mine' }],
    [{ basicAuth: { username: 'ä', password: async () => 'p' } }, { authorization: 'Basic w6Q6cA==' }],
    [{ basicAuth: { username: '', password: '' } }, { authorization: 'Basic Og==' }],
    [{ basicAuth: { username: () => 'u', password: Secret.from('p', 'ſ') } }, { authorization: 'Basic dTrFvw==' }],
    [
      { bearerToken: () => 'token', headers: { 'X-Extra': 'a' } },
      { 'x-extra': 'a', authorization: 'Bearer token' },
    ],
  ])('become a header beside the others: %j', async (options, headers) => {
    await expect(reveal(options)).resolves.toEqual(headers);
  });

  test('are fetched anew for each request', async () => {
    let count = 0;
    const next = (): string => String((count += 1));
    const token = checkRequestHeaders('', { bearerToken: next });
    expect([await revealHeaders(token), await revealHeaders(token)]).toEqual([
      { authorization: 'Bearer 1' },
      { authorization: 'Bearer 2' },
    ]);
    await expect(reveal({ basicAuth: { username: 'u', password: next } })).resolves.toEqual({
      authorization: `Basic ${btoa('u:3')}`,
    });
  });

  test.each<[how: string, secret: () => string | Promise<string>, rule: string]>([
    ['throws', () => reject(), 'could not be fetched'],
    ['rejects', async () => reject(), 'could not be fetched'],
    ['returns what cannot be sent', () => `${SECRET}\n`, 'Latin-1'],
  ])('whose function %s make the request fail, naming the header and showing nothing', async (_how, secret, rule) => {
    const error: unknown = await reveal({ bearerToken: secret }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'HeaderError', message: expect.stringContaining(rule) });
    expect(String(error)).toContain('`authorization`');
    expect(String(error)).not.toContain(SECRET);
  });

  test('are shown by nothing', () => {
    const headers = checkRequestHeaders('', { basicAuth: { username: SECRET, password: SECRET } });
    expect(JSON.stringify(headers)).toBe('{"authorization":"[redacted]"}');
  });
});

describe.each([
  ['', ''],
  ['pushgateway', 'pushgateway.'],
])('options named with %j', (field, prefix) => {
  test.each<[options: unknown, kind: string, message: string]>([
    [{ headers: SECRET }, 'TypeError', 'Expected `%headers` to be an object of names and values'],
    [{ headers: null }, 'TypeError', 'Expected `%headers` to be an object of names and values'],
    [{ headers: { [`${SECRET} key`]: 'x' } }, 'RangeError', 'Expected every name in `%headers`'],
    [{ headers: { 'x-key': `${SECRET}\n` } }, 'RangeError', 'Expected `%headers.x-key`'],
    [{ headers: { 'x-key': 7 } }, 'TypeError', 'Expected `%headers.x-key`'],
    [{ headers: { 'Content-Type': SECRET } }, 'RangeError', 'Expected `%headers` not to have `Content-Type`'],
    [{ headers: { 'content-encoding': SECRET } }, 'RangeError', 'Expected `%headers` not to have `content-encoding`'],
    [{ headers: { 'CONTENT-LENGTH': SECRET } }, 'RangeError', 'Expected `%headers` not to have `CONTENT-LENGTH`'],
    [{ headers: { 'X-Scope-OrgID': SECRET } }, 'RangeError', 'Expected `%headers` not to have `X-Scope-OrgID`'],
    [
      { headers: { Authorization: SECRET }, bearerToken: SECRET },
      'RangeError',
      'Expected `%headers` not to have `Authorization`',
    ],
    [
      { headers: { authorization: SECRET }, basicAuth: { username: 'u', password: SECRET } },
      'RangeError',
      'Expected `%headers` not to have `authorization`',
    ],
    [
      { basicAuth: { username: 'u', password: SECRET }, bearerToken: SECRET },
      'TypeError',
      'Expected either `%basicAuth` or `%bearerToken`, got both.',
    ],
    [{ basicAuth: SECRET }, 'TypeError', 'Expected `%basicAuth` to be an object'],
    [{ basicAuth: null }, 'TypeError', 'Expected `%basicAuth` to be an object'],
    [{ basicAuth: { username: 'u' } }, 'TypeError', 'Expected `%basicAuth.password`'],
    [{ basicAuth: { username: 7, password: SECRET } }, 'TypeError', 'Expected `%basicAuth.username`'],
    [{ basicAuth: { username: `u:${SECRET}`, password: 'p' } }, 'RangeError', 'Expected `%basicAuth.username`'],
    [{ bearerToken: [SECRET] }, 'TypeError', 'Expected `%bearerToken`'],
    [{ bearerToken: null }, 'TypeError', 'Expected `%bearerToken`'],
    [{ bearerToken: `${SECRET}\n` }, 'RangeError', 'Expected `%bearerToken` to be text of Latin-1 characters'],
  ])('are refused by their name, and no value is shown: %j', (options, kind, message) => {
    const error = errorOf(field, options);
    expect(error.name).toBe(kind);
    expect(error.message).toContain(message.replaceAll('%', prefix));
    expect(error.message).not.toContain(SECRET);
  });
});

function reject(): never {
  throw new Error(SECRET);
}
