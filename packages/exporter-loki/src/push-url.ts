import { checkEndpointUrl } from '@spillway/delivery';

/** @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs (read 2026-11-21) */
const PUSH_PATH = '/loki/api/v1/push';

/**
 * The address to push to, from a Loki's base address (with or without a path before Loki's own) or the full push address.
 * The messages never show it: an address may carry credentials.
 * @throws TypeError or RangeError where it is no http or https address.
 */
export function pushUrl(field: string, url: unknown): string | undefined {
  if (url === undefined) return undefined;
  const parsed = checkEndpointUrl(field, url);
  parsed.hash = '';
  if (!parsed.pathname.endsWith(PUSH_PATH)) parsed.pathname = parsed.pathname.replace(/\/+$/, '') + PUSH_PATH;
  return parsed.href;
}
