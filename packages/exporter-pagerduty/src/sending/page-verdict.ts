import type { AttemptResult } from '@spillway/delivery';
import { parseRetryAfter } from '@spillway/retry';
import { excerpt } from '@spillway/core';

/** What the end of a request means for its event. */
export type PageVerdict =
  | { readonly outcome: 'delivered' }
  /** Not in this form: it can be sent in short. */
  | { readonly outcome: 'invalid'; readonly error: Error }
  /** Address or routing key are wrong: somebody has to mend them. */
  | { readonly outcome: 'misconfigured'; readonly error: Error }
  /** It may work later. `throttled` where PagerDuty asks for less, `hintMillis` where it says how long to wait. */
  | {
      readonly outcome: 'retryable';
      readonly throttled: boolean;
      readonly hintMillis: number | undefined;
      readonly error: Error;
    };

/** Queued by PagerDuty. Any other 2xx comes from something else at that address. */
const ACCEPTED = 202;
const INVALID: ReadonlySet<number> = new Set([400, 413, 422]);
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);
/** The answer to a routing key that is none, among other reasons for a 400. */
const ROUTING_KEY = /routing.?key/i;
const MAX_QUOTED_CHARACTERS = 512;

/**
 * @param nowMillis wall clock, for a `Retry-After` that is a date
 * @see https://developer.pagerduty.com/docs/events-api-v2-overview/ (response codes; read 2026-11-21)
 */
export function pageVerdict(result: Exclude<AttemptResult, { kind: 'aborted' }>, nowMillis: number): PageVerdict {
  if (result.kind === 'failed') {
    return { outcome: 'retryable', throttled: false, hintMillis: undefined, error: result.error };
  }
  if (result.kind === 'redirect') return { outcome: 'misconfigured', error: pageError(result.status, '') };
  const { status, body, retryAfter } = result;
  if (status === ACCEPTED) return { outcome: 'delivered' };
  const error = pageError(status, body);
  if (status >= 500 || RETRYABLE.has(status)) {
    const hintMillis = parseRetryAfter(retryAfter, nowMillis);
    return { outcome: 'retryable', throttled: status === 429, hintMillis, error };
  }
  const isInvalid = INVALID.has(status) && !(status === 400 && ROUTING_KEY.test(body));
  return { outcome: isInvalid ? 'invalid' : 'misconfigured', error };
}

/** A refusal cannot be understood without PagerDuty's own words. It quotes no values, only the names of fields. */
function pageError(status: number, body: string): Error {
  const words = excerpt(body, MAX_QUOTED_CHARACTERS);
  const error = new Error(`PagerDuty answered ${status}${words === '' ? '' : `: ${words}`}`);
  error.name = 'PagerDutyError';
  return error;
}
