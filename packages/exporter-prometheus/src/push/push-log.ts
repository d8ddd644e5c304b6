import { ThrottledDiag } from '@spillway/core';

import type { PushVerdict } from './push-verdict.ts';

/** How pushing goes, for health checks and tests. `pushes = succeeded + failed + running` at every moment. */
export interface PushStats {
  /** Requests that were begun. */
  readonly pushes: number;
  /** Those that the Pushgateway took. */
  readonly succeeded: number;
  /** Those that were refused, failed, timed out, or were given up. */
  readonly failed: number;
  /** 1 while a request runs, else 0: there are never two. */
  readonly running: number;
  /** Pushes that were left out, because the Pushgateway had refused the very same state. */
  readonly skipped: number;
  /** When the last push succeeded, in milliseconds since 1970; undefined before the first. */
  readonly lastSuccessMillis: number | undefined;
}

const NAMESPACE = '@spillway/exporter-prometheus';

/** Counts pushes, and tells an operator what is wrong with them, once in a while. */
export class PushLog {
  readonly #diag: ThrottledDiag = new ThrottledDiag({ namespace: NAMESPACE });
  #succeeded = 0;
  #failed = 0;
  #running = 0;
  #skipped = 0;
  #lastSuccessMillis: number | undefined;
  /** Whether an operator was told of a problem that has not ended. */
  #isFailing = false;

  onBegin(): void {
    this.#running += 1;
  }

  onSkip(): void {
    this.#skipped += 1;
  }

  /** @param nowMillis wall clock */
  onEnd(verdict: PushVerdict, nowMillis: number): void {
    this.#running -= 1;
    if (verdict.outcome === 'stored') this.#onSuccess(nowMillis);
    else this.#onFailure(verdict);
  }

  /** Told when the metrics could not be written, so that there was nothing to push. */
  onBroken(error: unknown): void {
    this.#diag.error('broken', 'The metrics could not be written, and are not pushed', error);
  }

  /** Told when a shutdown ends and its last request has not succeeded. */
  onUnfinished(method: 'PUT' | 'DELETE'): void {
    const what = method === 'PUT' ? 'The last values were not pushed' : 'The group was not deleted';
    this.#diag.error('unfinished', `${what} before the shutdown ended.`);
  }

  stats(): PushStats {
    return {
      pushes: this.#succeeded + this.#failed + this.#running,
      succeeded: this.#succeeded,
      failed: this.#failed,
      running: this.#running,
      skipped: this.#skipped,
      lastSuccessMillis: this.#lastSuccessMillis,
    };
  }

  #onSuccess(nowMillis: number): void {
    this.#succeeded += 1;
    this.#lastSuccessMillis = nowMillis;
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#diag.info('recovered', 'Pushes to the Pushgateway succeed again.');
  }

  #onFailure({ outcome, error }: Exclude<PushVerdict, { readonly outcome: 'stored' }>): void {
    this.#failed += 1;
    this.#isFailing = true;
    if (outcome === 'retryable') this.#diag.warn(outcome, 'A push to the Pushgateway did not succeed', error);
    else if (outcome === 'refused') this.#diag.error(outcome, 'The Pushgateway refuses the metrics as they are', error);
    else
      this.#diag.error(outcome, 'Nothing is pushed until address or credentials of the Pushgateway are mended', error);
  }
}
