import type { Backend, BackendResponse, Verdict } from '@spillway/delivery';

import { LokiExportError } from './loki-export-error.ts';
import { splitPayload } from './push-body.ts';
import { refusedCount } from './refused-count.ts';

/** Answers of 5xx that will not change, because the request itself is their cause. */
const TOO_LARGE = /received message larger than max/;
const UNUSABLE_NAME = /normalization for label name|label name is empty/;

/**
 * Loki's side of delivery: what its answers mean, and how a push is cut in two. Without state, so that a worker can import it.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs (read 2026-11-21)
 */
export const lokiBackend: Backend = {
  id: 'loki',
  contentType: 'application/json',
  tenantHeader: 'x-scope-orgid',
  classify,
  split: splitPayload,
};

function classify({ status, body }: BackendResponse, { recordCount }: { readonly recordCount: number }): Verdict {
  // Any other 2xx is a refusal: Loki answers 260 while ingestion is blocked.
  if (status === 200 || status === 204) return { outcome: 'delivered' };
  if (status === 400) return classifyBadRequest(body, recordCount);
  if (status === 401 || status === 403 || status === 404) return refused(status);
  if (status === 413 || (status >= 500 && TOO_LARGE.test(body))) return split(status, 'too_large');
  if (status >= 500 && UNUSABLE_NAME.test(body)) return split(status, 'rejected');
  if (status === 429) return retryable('Loki asks for less', status, true);
  if (status >= 500 || status === 408 || status === 499) return retryable('Loki could not take the request', status);
  if (status < 300) return retryable('Loki takes nothing in at the moment', status);
  return {
    outcome: 'rejected',
    rejectedCount: recordCount,
    error: new LokiExportError('Loki refused the request', status),
  };
}

/** Lines that break a rule are refused alone; of a request that cannot be read nothing is stored. */
function classifyBadRequest(body: string, recordCount: number): Verdict {
  const rejectedCount = refusedCount(body);
  if (rejectedCount === undefined || rejectedCount > recordCount) return split(400, 'rejected');
  return { outcome: 'rejected', rejectedCount, error: new LokiExportError('Loki refused lines', 400) };
}

function retryable(text: string, status: number, throttled = false): Verdict {
  return { outcome: 'retryable', throttled, error: new LokiExportError(text, status) };
}

function split(status: number, reason: 'too_large' | 'rejected'): Verdict {
  return { outcome: 'split', reason, error: new LokiExportError('Loki could not use the request as a whole', status) };
}

function refused(status: number): Verdict {
  return {
    outcome: 'refused-by-configuration',
    error: new LokiExportError('Loki refused address or credentials', status),
  };
}
