import { type Backend, type BackendResponse, siblingUrl, type Verdict } from '@spillway/delivery';

import { LokiExportError } from './loki-export-error.ts';
import { splitPayload } from './push-body.ts';
import { readRefusal } from './refusal-text.ts';

/** Loki answers with one of these where it has stored what it did not name; every other 2xx is a refusal. */
const SUCCESSES: ReadonlySet<number> = new Set([200, 204]);
/** Proxies answer for the wrong address, or for the wrong credentials. */
const CONFIGURATION: ReadonlySet<number> = new Set([401, 403, 404, 407, 422]);
/** Timeouts and broken connections, as servers and proxies report them. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 499]);

/** Loki puts ingestion off for a tenant with any status that its operator chose, 260 by default. */
const BLOCKED = /^ingestion blocked for user '/;
/** The request fits its own limit, but not the one between two parts of Loki: for good, although it comes as 500. */
const TOO_LARGE = /message larger than max/;
/** A name of structured metadata that is none: refused for good, although it comes as 500. */
const BAD_NAME = /^(?:normalization for label name "|label name is empty)/;
/** Says nothing but numbers, a tenant and labels. */
const LIMIT = /rate limit exceeded|active stream limit exceeded/i;

/**
 * What Loki's answers mean, and how requests to it are cut.
 * @see https://grafana.com/docs/loki/latest/operations/troubleshooting/troubleshoot-ingest/ (read 2026-11-21)
 */
export const lokiBackend: Backend = {
  id: 'loki',
  contentType: 'application/json',
  tenantHeader: 'x-scope-orgid',
  classify: classifyResponse,
  split: splitPayload,
};

/** Where a worker gets it from. */
export const LOKI_BACKEND_URL: string = siblingUrl(import.meta.url, 'loki-backend');
export { lokiBackend as backend };

function classifyResponse(response: BackendResponse, { recordCount }: { readonly recordCount: number }): Verdict {
  const { status, body } = response;
  if (SUCCESSES.has(status)) return { outcome: 'delivered' };
  if (BLOCKED.test(body)) return retryable(status, 'Loki has blocked ingestion for a time', false, body);
  if (status < 300) return retryable(status, 'Loki refused the request', false);
  if (status === 413 || TOO_LARGE.test(body)) {
    return {
      outcome: 'split',
      reason: 'too_large',
      error: new LokiExportError(status, 'A request was too large for Loki'),
    };
  }
  if (status === 429) {
    return retryable(status, 'Loki asks for less', true, LIMIT.test(body) ? body : undefined);
  }
  if (status === 400) return classifyRefusal(response, recordCount);
  if (CONFIGURATION.has(status)) return misconfigured(status);
  if (status < 500 && !RETRYABLE.has(status)) return rejected(recordCount, status, 'Loki refused the request for good');
  if (BAD_NAME.test(body)) return splitApart(status);
  return retryable(status, 'Loki could not take the request', false);
}

function classifyRefusal({ status, body }: BackendResponse, recordCount: number): Verdict {
  const refusal = readRefusal(body, recordCount);
  switch (refusal) {
    case 'stream':
      return rejected(recordCount, status, `Loki refused a stream with ${recordCount} records`, body);
    case 'rate':
      return retryable(status, 'Loki asks for less', true, body);
    case 'transport':
      return retryable(status, 'The request did not reach Loki in one piece', false);
    case 'configuration':
      return misconfigured(status);
    case 'unknown':
      return splitApart(status);
    default:
      return rejected(refusal, status, `Loki refused ${refusal} of ${recordCount} records`, body);
  }
}

function rejected(rejectedCount: number, status: number, text: string, answer?: string): Verdict {
  return { outcome: 'rejected', rejectedCount, error: new LokiExportError(status, text, answer) };
}

function retryable(status: number, text: string, throttled: boolean, answer?: string): Verdict {
  return { outcome: 'retryable', throttled, error: new LokiExportError(status, text, answer) };
}

/** The text of such an answer is left out: it can quote lines. */
function splitApart(status: number): Verdict {
  return { outcome: 'split', reason: 'rejected', error: new LokiExportError(status, 'Loki could not read a request') };
}

function misconfigured(status: number): Verdict {
  const error = new LokiExportError(status, 'The address, the tenant or the credentials for Loki are wrong');
  return { outcome: 'refused-by-configuration', error };
}
