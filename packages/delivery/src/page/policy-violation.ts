import { listenTo, ThrottledDiag } from '@spillway/core';

/**
 * Calls back with each address that the page's Content-Security-Policy forbids to connect to; answers how to stop that.
 * To the one who connects it looks like any other network error.
 */
export function onConnectForbidden(callback: (url: string) => void): () => void {
  return listenTo(globalThis, ['securitypolicyviolation'], (event) => {
    const { effectiveDirective, disposition, blockedURI } = event as SecurityPolicyViolationEvent;
    if (effectiveDirective === 'connect-src' && disposition === 'enforce') callback(blockedURI);
  });
}

/**
 * Whether a violation speaks of this endpoint.
 * @see https://w3c.github.io/webappsec-csp/#strip-url-for-use-in-reports (read 2026-11-29)
 */
export function isSameEndpoint(blockedUri: string, url: string): boolean {
  return URL.canParse(blockedUri) && URL.canParse(url) && withoutHash(blockedUri) === withoutHash(url);
}

function withoutHash(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + pathname + search;
}

/** Says once why nothing is sent there any more: each further request would be reported to the page's owner. */
export function tellForbidden(url: string): void {
  const { origin, pathname } = new URL(url);
  new ThrottledDiag({ namespace: '@spillway/delivery' }).error(
    'forbidden',
    `Content-Security-Policy (connect-src) forbids requests to ${origin}${pathname}: no more are sent`,
  );
}
