import { parseRetryAfter } from '@spillway/retry';

import type { AttemptResult } from './attempt.ts';
import type { BackendResponse, Verdict } from './backend.ts';
import type { PayloadOwner } from './held-payload.ts';
import { namedError } from './named-error.ts';
import { LostPayloadError, TakenOverPayloadError } from './outbox.ts';

/** How an attempt ended, or why it could not begin. */
export type Outcome =
  | AttemptResult
  /** The outbox does not give the payload, or has lost it for good: nothing was sent. */
  | { readonly kind: 'unreadable'; readonly isLost: boolean; readonly error: Error }
  /** Another page or process has taken the payload over: nothing was sent from here. */
  | { readonly kind: 'taken-over' };

/** What it means that the outbox did not give a payload. */
export function unreadable(error: unknown): Outcome {
  if (error instanceof TakenOverPayloadError) return { kind: 'taken-over' };
  const isLost = error instanceof LostPayloadError;
  const text = isLost ? 'A payload in the outbox is gone or damaged.' : 'The outbox could not give a payload.';
  return { kind: 'unreadable', isLost, error: namedError('OutboxError', text, error) };
}

/** What an attempt means for its payload, with what the answer said about time. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What the backend asked for in `Retry-After`, in milliseconds. */
  readonly hintMillis: number | undefined;
  readonly statusCode: number | undefined;
  /** Whether the payload itself may be what went wrong. A broken connection says nothing of it, nor do "too much" and "down". */
  readonly mayBePayload: boolean;
}

/** Judges an attempt that was not aborted. Never throws: a backend's function that does is taken as "try again". */
export function judge(
  result: Exclude<Outcome, { kind: 'aborted' | 'taken-over' }>,
  owner: PayloadOwner,
  recordCount: number,
  epochMillis: number,
): Judgement {
  if (result.kind === 'failed' || result.kind === 'unreadable') {
    const mayBePayload = result.kind === 'unreadable';
    return { verdict: retryable(result.error), hintMillis: undefined, statusCode: undefined, mayBePayload };
  }
  const { status: statusCode } = result;
  if (result.kind === 'redirect') {
    const text = `The endpoint answered with a redirect (${statusCode}), which is not followed.`;
    const error = namedError('RedirectError', text);
    const verdict: Verdict = { outcome: 'rejected', rejectedCount: recordCount, error };
    return { verdict, hintMillis: undefined, statusCode, mayBePayload: false };
  }
  const hintMillis = parseRetryAfter(result.retryAfter, epochMillis);
  const verdict = classify(result, owner, recordCount);
  const mayBePayload = verdict.outcome !== 'retryable' || !(verdict.throttled || verdict.isUnavailable === true);
  return { verdict, hintMillis, statusCode, mayBePayload };
}

function classify(response: BackendResponse, { backend }: PayloadOwner, recordCount: number): Verdict {
  try {
    return backend.classify(response, { recordCount });
  } catch (error) {
    return retryable(namedError('ClassifyError', 'The answer could not be classified.', error));
  }
}

function retryable(error: Error): Verdict {
  return { outcome: 'retryable', throttled: false, error };
}
