import type { Payload } from '../payload.ts';

/** Whether requests of `fetch` can outlive their page here: in Firefox from 133 on. */
export function hasKeepalive(): boolean {
  return typeof Request === 'function' && 'keepalive' in Request.prototype;
}

/**
 * Hands a payload to the browser where requests cannot outlive the page. What becomes of it nobody is told, and it can have
 * no header but its type; says whether the browser took it.
 */
export function sendBeacon(url: string, { body }: Payload, headers: Readonly<Record<string, string>>): boolean {
  const { 'content-type': type = '', ...others } = headers;
  const navigator: { sendBeacon?: (url: string, data: Blob) => boolean } = globalThis.navigator;
  if (Object.keys(others).length > 0) return false;
  try {
    return navigator.sendBeacon?.(url, new Blob([body], { type })) ?? false;
  } catch {
    return false;
  }
}
