import { afterEach, expect, test, vi } from 'vitest';

import { isSameEndpoint, onConnectForbidden } from '../../src/page/policy-violation.ts';

afterEach(() => void vi.unstubAllGlobals());

test.each([
  ['https://logs.example/loki/api/v1/push', true],
  ['https://logs.example/loki/api/v1/push#part', true],
  ['https://logs.example/other', false],
  ['https://logs.example', false],
  ['https://other.example/loki/api/v1/push', false],
  ['http://logs.example/loki/api/v1/push', false],
  ['https://logs.example/loki/api/v1/push?tenant=2', false],
  ['inline', false],
  ['', false],
])('a violation that names %j is about the endpoint: %j', (blockedUri, isSame) => {
  expect(isSameEndpoint(blockedUri, 'https://logs.example/loki/api/v1/push')).toBe(isSame);
});

test('only what is enforced, and forbids connections, is told', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const told: string[] = [];
  const stop = onConnectForbidden((url) => told.push(url));
  const violate = (effectiveDirective: string, disposition: string, blockedURI: string): void => {
    page.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), { effectiveDirective, disposition, blockedURI }),
    );
  };
  violate('connect-src', 'enforce', 'https://one.example/');
  violate('connect-src', 'report', 'https://two.example/');
  violate('img-src', 'enforce', 'https://three.example/');
  stop();
  violate('connect-src', 'enforce', 'https://four.example/');
  expect(told).toEqual(['https://one.example/']);
});
