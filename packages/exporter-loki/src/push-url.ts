import { optionMessage } from '@spillway/core';

/** @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs (read 2026-11-21) */
const PUSH_PATH = '/loki/api/v1/push';

/**
 * The address to push to, from a Loki's base address (with or without a path before Loki's own) or the full push address.
 * The messages never show it: an address may carry credentials.
 * @throws TypeError or RangeError where it is no http or https address.
 */
export function pushUrl(field: string, url: unknown): string | undefined {
  if (url === undefined) return undefined;
  if (typeof url !== 'string') throw new TypeError(optionMessage(field, 'a URL as a string', typeof url));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') throw wrongUrl(field, 'an http or https URL');
  if (parsed.username !== '' || parsed.password !== '') {
    throw wrongUrl(field, 'a URL without user and password: they belong in `basicAuth`');
  }
  parsed.hash = '';
  if (!parsed.pathname.endsWith(PUSH_PATH)) parsed.pathname = parsed.pathname.replace(/\/+$/, '') + PUSH_PATH;
  return parsed.href;
}

function wrongUrl(field: string, rule: string): RangeError {
  return new RangeError(`Expected \`${field}\` to be ${rule}.`);
}
