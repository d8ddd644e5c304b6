import { excerpt } from '@spillway/core';
import { parseRetryAfter } from '@spillway/retry';

import type { PushAnswer } from './push-request.ts';

/** What the end of a request means for the next ones. */
export type PushVerdict =
  /** The Pushgateway has the state. */
  | { readonly outcome: 'stored' }
  /** It will not take this state, however often it is pushed. */
  | { readonly outcome: 'refused'; readonly error: Error }
  /** Address or credentials are wrong: somebody has to mend them. */
  | { readonly outcome: 'misconfigured'; readonly error: Error }
  /** It may work soon; `hintMillis` is how long the other side asks to wait. */
  | { readonly outcome: 'retryable'; readonly error: Error; readonly hintMillis: number | undefined };

/** 200 where the Pushgateway has checked what it took, 202 where it has not, and for a deletion. */
const STORED: ReadonlySet<number> = new Set([200, 202]);
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);
/** Not valid, or not together with other groups; too large for a proxy. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);
const MAX_QUOTED_CHARACTERS = 512;

/**
 * What an answer means. Any status that is none of a Pushgateway's, also among the 2xx, comes from something else at that
 * address; redirects are not followed, since they would carry credentials to another place.
 *
 * @param nowMillis wall clock, for a `Retry-After` that is a date
 * @see https://github.com/prometheus/pushgateway/blob/master/README.md#put-method (read 2026-11-21)
 */
export function pushVerdict(answer: PushAnswer, nowMillis: number): PushVerdict {
  if (answer.kind === 'failed') return { outcome: 'retryable', error: answer.error, hintMillis: undefined };
  const { status, text, retryAfter } = answer;
  if (STORED.has(status)) return { outcome: 'stored' };
  const error = statusError(status, text);
  if (status >= 500 || RETRYABLE.has(status)) {
    return { outcome: 'retryable', error, hintMillis: parseRetryAfter(retryAfter, nowMillis) };
  }
  return { outcome: REFUSED.has(status) ? 'refused' : 'misconfigured', error };
}

/** A refusal cannot be understood without the Pushgateway's own words. */
function statusError(status: number, text: string): Error {
  const quoted = excerpt(text, MAX_QUOTED_CHARACTERS);
  const error = new Error(`The answer was ${status}${quoted === '' ? '' : `: ${quoted}`}`);
  error.name = 'PushgatewayError';
  return error;
}
