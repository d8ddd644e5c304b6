import type { ThrottledDiag } from '@spillway/core';

import type { RequestProblem } from './held-payload.ts';

/** Tells an operator when sending begins to fail, fails in another way, and works again: changes, not each request. */
export class ProblemLog {
  readonly #diag: ThrottledDiag;
  #last: string | undefined;

  constructor(diag: ThrottledDiag) {
    this.#diag = diag;
  }

  onRequestEnd(problem: RequestProblem | undefined): void {
    if (problem === undefined) {
      if (this.#last !== undefined) this.#diag.info('recovered', 'Requests succeed again.');
      this.#last = undefined;
      return;
    }
    const { error, isConfiguration, statusCode } = problem;
    const kind = `${error.name} ${statusCode ?? ''}`;
    if (kind === this.#last && !isConfiguration) return;
    if (kind !== this.#last) this.#diag.reset(kind);
    this.#last = kind;
    if (isConfiguration) {
      this.#diag.error(kind, 'Everything is held until address or credentials are mended', error);
    } else {
      this.#diag.warn(kind, 'A request did not succeed', error);
    }
  }

  /** Forgets what went wrong: the endpoint is another one now. */
  reset(): void {
    this.#last = undefined;
  }
}
