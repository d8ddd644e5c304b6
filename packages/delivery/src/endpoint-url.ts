import { optionMessage } from '@spillway/core';

/**
 * The address of an endpoint as users give it; in a page, one that begins with `/` is of the page's own origin. The messages
 * never show it: an address may carry credentials.
 * @throws TypeError or RangeError where it is no http or https address, or has user and password in it.
 */
export function checkEndpointUrl(field: string, url: unknown): URL {
  if (typeof url !== 'string') throw new TypeError(optionMessage(field, 'a URL as a string', url, '[redacted]'));
  const { location } = globalThis as { location?: Pick<Location, 'href'> };
  const base = url.startsWith('/') ? location?.href : undefined;
  const parsed = URL.canParse(url, base) ? new URL(url, base) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') throw wrongUrl(field, 'an http or https URL');
  if (parsed.username !== '' || parsed.password !== '') {
    throw wrongUrl(field, 'a URL without user and password: they belong in `basicAuth`');
  }
  return parsed;
}

/** An error that says what an address should be, and not what it is. */
export function wrongUrl(field: string, rule: string): RangeError {
  return new RangeError(`Expected \`${field}\` to be ${rule}.`);
}
