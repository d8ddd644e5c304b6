import { wrongUrl } from '@spillway/delivery';

import { MAX_HREF_CHARACTERS } from './event-limits.ts';

/** An address that can be shown, as PagerDuty gets it; undefined where it is no http or https URL, or too long to be kept. */
export function httpUrl(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  return url.href.length > MAX_HREF_CHARACTERS ? undefined : url.href;
}

/** @throws RangeError that does not show the address: it may carry credentials. */
export function checkHttpUrl(field: string, text: unknown): string {
  const url = httpUrl(text);
  if (url === undefined) throw wrongUrl(field, `an http or https URL of at most ${MAX_HREF_CHARACTERS} characters`);
  return url;
}
