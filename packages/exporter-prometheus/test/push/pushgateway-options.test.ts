import { revealHeaders } from '@spillway/delivery';
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
    ['headers', { headers: { 'Content-Type': 'x' } }],
    ['basicAuth.username', { basicAuth: { username: 'a:b', password: 'x' } }],
    ['bearerToken', { bearerToken: 7 }],
    ['intervalMilis', { intervalMilis: 5 }],
  ])('name `%s` where it is wrong: %j', (field, options) => {
    expect(() => resolve(options)).toThrow(`\`pushgateway.${field}\``);
  });

  it.each([[undefined], [null], ['hidden']])('are an object, which %j is not', (options) => {
    const wrong = options as unknown as PushgatewayOptions;
    expect(() => resolvePushgatewayOptions('pushgateway', wrong, new Set())).toThrow(/^(?!.*hidden).*`pushgateway`/);
  });

  it('make the headers of each request', async () => {
    const { headers } = resolve({ bearerToken: () => 'token', headers: { 'X-Scope': 'a' } });
    await expect(revealHeaders(headers)).resolves.toEqual({ 'x-scope': 'a', authorization: 'Bearer token' });
  });
});
