import { checkEndpointUrl } from '@spillway/delivery';

/** Of Prometheus' own receiver. @see https://prometheus.io/docs/prometheus/latest/querying/api/#remote-write-receiver (read 2026-11-28) */
const WRITE_PATH = '/api/v1/write';

/**
 * The address to write to: what is given where it has a path, else Prometheus' receiver there. Others have other paths, such
 * as `/api/v1/push` of Mimir.
 * @throws TypeError or RangeError where it is no http or https address.
 */
export function remoteWriteUrl(field: string, url: unknown): string {
  const parsed = checkEndpointUrl(field, url);
  parsed.hash = '';
  if (parsed.pathname === '/') parsed.pathname = WRITE_PATH;
  return parsed.href;
}
