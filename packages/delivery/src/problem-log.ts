import type { ThrottledDiag } from '@spillway/core';

import type { RequestProblem } from './held-payload.ts';

/** Tells an operator when sending begins to fail, fails in another way, and works again: changes, not each request. */
export class ProblemLog {
  readonly #diag: ThrottledDiag;
  /** What an operator knows: the kind of problem told last, undefined where it was that there is none. */
  #told: string | undefined;

  constructor(diag: ThrottledDiag) {
    this.#diag = diag;
  }

  onRequestEnd(problem: RequestProblem | undefined): void {
    const kind = problem === undefined ? undefined : `${problem.error.name} ${problem.statusCode ?? ''}`;
    if (kind === this.#told && problem?.isConfiguration !== true) return;
    // A backend that fails every other time would change with each request: what comes too soon is told later, if it lasts.
    const key = kind ?? 'recovered';
    if (!this.#diag.isDue(key)) return;
    this.#told = kind;
    if (problem === undefined) this.#diag.info(key, 'Requests succeed again.');
    else if (!problem.isConfiguration) this.#diag.warn(key, 'A request did not succeed', problem.error);
    else this.#diag.error(key, 'Everything is held until address or credentials are mended', problem.error);
  }

  /** Forgets what went wrong: the endpoint is another one now. */
  reset(): void {
    if (this.#told !== undefined) this.#diag.reset(this.#told);
    this.#told = undefined;
  }
}
