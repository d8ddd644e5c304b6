import { describe, expect, it } from 'vitest';

import { routeNow, routingKeyHash } from '../../src/store/routing-key-hashes.ts';

describe('the hash of a routing key', () => {
  it('is the same for the same key, and shows nothing of it', () => {
    const key = '0123456789abcdef0123456789abcdef';
    expect(routingKeyHash(key)).toBe(routingKeyHash(key));
    expect(routingKeyHash(key)).toMatch(/^[\da-f]{16}$/);
    expect(routingKeyHash(key)).not.toBe(routingKeyHash(`${key.slice(1)}0`));
  });

  it('is none where a function fetches the key', () => {
    expect(routingKeyHash(() => 'a')).toBeUndefined();
    expect(routingKeyHash(undefined)).toBeUndefined();
  });
});

describe('the route of an earlier incident', () => {
  const both = { primary: 'a', fallback: 'b' };

  it.each([
    ['is the same with the same keys', 'fallback', both, { primary: 'a', fallback: 'b' }, 'fallback'],
    [
      'is the other one where the keys have changed places',
      'primary',
      both,
      { primary: 'b', fallback: 'a' },
      'fallback',
    ],
    ['is the first one where that has the second key now', 'fallback', both, { primary: 'b' }, 'primary'],
    ['is none where its key was replaced', 'primary', both, { primary: 'c', fallback: 'b' }, undefined],
    ['is none where there is no second key any more', 'fallback', both, { primary: 'a' }, undefined],
    ['is the same where the earlier key is not known', 'primary', {}, { primary: 'a' }, 'primary'],
    ['is the same where our key is not known', 'primary', both, { primary: undefined }, 'primary'],
    ['is none where neither is known and the second one is gone', 'fallback', {}, { primary: undefined }, undefined],
  ] as const)('%s', (_name, route, hashes, now, expected) => {
    const routes = new Map(Object.entries(now)) as Map<'primary' | 'fallback', string | undefined>;
    expect(routeNow({ route, hashes }, routes)).toBe(expected);
  });
});
