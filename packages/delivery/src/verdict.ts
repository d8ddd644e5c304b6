import { parseRetryAfter } from '@spillway/retry';

import type { AttemptResult } from './attempt.ts';
import type { Verdict } from './backend.ts';
import type { PayloadOwner } from './held-payload.ts';

/** What an attempt means for its payload, with what the answer said about time. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What the backend asked for in `Retry-After`, in milliseconds. */
  readonly hintMillis: number | undefined;
  readonly statusCode: number | undefined;
}

/** Judges an attempt that was not aborted. Never throws: a backend's function that does is taken as "try again". */
export function judge(
  result: Exclude<AttemptResult, { kind: 'aborted' }>,
  owner: PayloadOwner,
  recordCount: number,
  epochMillis: number,
): Judgement {
  if (result.kind === 'failed') {
    return { verdict: retryable(result.error), hintMillis: undefined, statusCode: undefined };
  }
  const { status: statusCode } = result;
  if (result.kind === 'redirect') {
    const error = namedError(
      'RedirectError',
      `The endpoint answered with a redirect (${statusCode}), which is not followed.`,
    );
    return { verdict: { outcome: 'rejected', rejectedCount: recordCount, error }, hintMillis: undefined, statusCode };
  }
  const hintMillis = parseRetryAfter(result.retryAfter, epochMillis);
  try {
    return { verdict: owner.backend.classify(result, { recordCount }), hintMillis, statusCode };
  } catch (error) {
    const wrapped = namedError('ClassifyError', 'The answer could not be classified.', error);
    return { verdict: retryable(wrapped), hintMillis, statusCode };
  }
}

function retryable(error: Error): Verdict {
  return { outcome: 'retryable', throttled: false, error };
}

/** An error with a stable name, which becomes the metric attribute `error.type`. */
export function namedError(name: string, text: string, cause?: unknown): Error {
  const error = new Error(text, cause === undefined ? {} : { cause });
  error.name = name;
  return error;
}
