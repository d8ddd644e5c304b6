import { describe, expect, it } from 'vitest';

import { type PushgatewayOptions, resolvePushgatewayOptions } from '../../src/push/pushgateway-options.ts';

function resolve(options: object): ReturnType<typeof resolvePushgatewayOptions> {
  return resolvePushgatewayOptions('pushgateway', { url: 'http://localhost:9091', job: 'job', ...options }, new Set());
}

describe('options of the Pushgateway', () => {
  it('have defaults', () => {
    expect(resolve({})).toMatchObject({ intervalMillis: 15_000, timeoutMillis: 5000, deleteOnShutdown: false });
  });

  it.each([
    ['intervalMillis', { intervalMillis: 0 }],
    ['intervalMillis', { intervalMillis: 2 ** 31 }],
    ['timeoutMillis', { timeoutMillis: '5' }],
    ['deleteOnShutdown', { deleteOnShutdown: 1 }],
    ['fetch', { fetch: 'fetch' }],
    ['headers', { headers: 'x: y' }],
    ['headers', { headers: { 'Content-Type': 'x' } }],
    ['headers', { headers: { Authorization: 'x' }, bearerToken: 'x' }],
    ['basicAuth.username', { basicAuth: { username: 'a:b', password: 'x' } }],
    ['basicAuth.password', { basicAuth: { username: 'a' } }],
    ['bearerToken', { bearerToken: 7 }],
  ])('name `%s` where it is wrong: %j', (field, options) => {
    expect(() => resolve(options)).toThrow(`\`pushgateway.${field}\``);
  });

  it.each([
    [{ headers: { 'x-key': 'hidden\n' } }],
    [{ headers: { 'hidden key': 'x' } }],
    [{ bearerToken: ['hidden'] }],
    [{ bearerToken: 'hidden', basicAuth: { username: 'a', password: 'hidden' } }],
  ])('never show a secret: %j', (options) => {
    expect(() => resolve(options)).toThrow(/^(?!.*hidden)/s);
  });

  it.each([[undefined], [null], ['hidden']])('are an object, which %j is not', (options) => {
    const wrong = options as unknown as PushgatewayOptions;
    expect(() => resolvePushgatewayOptions('pushgateway', wrong, new Set())).toThrow(/^(?!.*hidden).*`pushgateway`/);
  });

  it.each([
    [{ basicAuth: { username: 'ä', password: async () => 'p' } }, { authorization: 'Basic w6Q6cA==' }],
    [
      { bearerToken: () => 'token', headers: { 'X-Scope': 'a' } },
      { 'x-scope': 'a', authorization: 'Bearer token' },
    ],
  ])('make the headers of each request: %j', async (options, headers) => {
    await expect(resolve(options).headers()).resolves.toEqual(headers);
  });

  it.each([
    [
      () => {
        throw new Error('hidden');
      },
    ],
    [() => 'hidden\n'],
  ])('name the header whose value cannot be had, and show nothing of it', async (bearerToken) => {
    await expect(resolve({ bearerToken }).headers()).rejects.toThrow(/^(?!.*hidden).*`authorization`/s);
  });
});
