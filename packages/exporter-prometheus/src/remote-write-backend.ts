import { type Backend, type BackendResponse, siblingUrl, type Verdict } from '@spillway/delivery';

import { RemoteWriteExportError } from './remote-write/remote-write-export-error.ts';
import { snappyCompressor } from './remote-write/snappy-compressor.ts';
import { splitWriteRequest } from './remote-write/write-requests.ts';

/**
 * Headers of every request besides those that say what its body is, and {@link USER_AGENT}.
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol (read 2026-11-21)
 */
export const PROTOCOL_HEADERS: Readonly<Record<string, string>> = { 'x-prometheus-remote-write-version': '0.1.0' };
/** The specification wants one; users may give another. */
export const USER_AGENT: Readonly<Record<string, string>> = { 'user-agent': 'spillway-exporter-prometheus' };

/** Wrong address, credentials or protocol. Prometheus answers 404 while its receiver is not enabled, and 415 where it does not speak 1.0. */
const CONFIGURATION: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 415]);
/** Said by proxies of a receiver that is down, and by Prometheus itself while it starts. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);
/** Said by proxies of a request that did not come through; the receiver's own 4xx are final. */
const NOT_RECEIVED: ReadonlySet<number> = new Set([408, 425, 499]);

/** The page of a server that is no receiver. */
const PAGE = /^\s*</;
/** The body was damaged on the way: no part of it can be read. */
const UNREADABLE = /^(?:snappy|s2|proto): /;
/** Too old or too far ahead for anything the receiver keeps. All samples of a request have one time, so it holds for all. */
const OUT_OF_BOUNDS = /^out of bounds\b/;

/**
 * What the answers of remote write 1.0 receivers mean, and how requests are cut.
 *
 * A receiver that refuses one sample may refuse all that came with it, as Prometheus does, or store the others, as Mimir
 * does. So a refused request is cut, down to the series that is the cause; to send the others again is harmless, because
 * equal samples are taken for one. A single series that is answered with 5xx for ever is left to Delivery.
 *
 * The specification wants no decision to rest on an answer's text. Two texts are read all the same: they say that every
 * part would be refused as well, which spares thousands of requests where a backlog has become too old.
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/#retries--backoff (read 2026-11-21)
 */
export const remoteWriteBackend: Backend = {
  id: 'prometheus-remote-write',
  contentType: 'application/x-protobuf',
  compressor: snappyCompressor,
  isOrdered: true,
  classify: classifyResponse,
  split: splitWriteRequest,
};

/** Where a worker gets it from. */
export const REMOTE_WRITE_BACKEND_URL: string = siblingUrl(import.meta.url, 'remote-write-backend');
export { remoteWriteBackend as backend };

function classifyResponse(
  { status, body }: BackendResponse,
  { recordCount }: { readonly recordCount: number },
): Verdict {
  if (status < 300) return { outcome: 'delivered' };
  const answer = PAGE.test(body) ? undefined : body;
  if (status === 429) return retryable(status, 'The receiver asks for less', true, answer);
  if (UNAVAILABLE.has(status)) {
    return { ...retryable(status, 'The receiver is not available', false, answer), isUnavailable: true };
  }
  if (status >= 500) return retryable(status, 'The receiver could not take a request', false, answer);
  if (NOT_RECEIVED.has(status)) return retryable(status, 'A request did not reach the receiver', false, answer);
  if (CONFIGURATION.has(status) || (answer === undefined && status !== 413)) return misconfigured(status);
  if (UNREADABLE.test(body) || OUT_OF_BOUNDS.test(body)) {
    const error = new RemoteWriteExportError(status, 'The receiver refused a request as a whole', answer);
    return { outcome: 'rejected', rejectedCount: recordCount, error };
  }
  const error = new RemoteWriteExportError(status, 'The receiver refused a request', answer);
  return { outcome: 'split', reason: status === 413 ? 'too_large' : 'rejected', error };
}

function retryable(
  status: number,
  text: string,
  throttled: boolean,
  answer: string | undefined,
): Extract<Verdict, { outcome: 'retryable' }> {
  return { outcome: 'retryable', throttled, error: new RemoteWriteExportError(status, text, answer) };
}

/** The text of such an answer is left out: what is in front of the receiver may quote a header. */
function misconfigured(status: number): Verdict {
  const text = 'The address, the credentials or the protocol for remote write are wrong';
  return { outcome: 'refused-by-configuration', error: new RemoteWriteExportError(status, text) };
}
