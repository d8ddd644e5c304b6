import type { Ledger } from './ledger.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

/** Tells an operator of drops: one warning per interval with the totals since the start, and at the end what was not told. */
export class DropWarnings {
  readonly #diag: ThrottledDiag;
  readonly #ledger: Ledger;
  readonly #what: string;
  #hasUntold = false;

  /** @param what the ledger counts */
  constructor(diag: ThrottledDiag, ledger: Ledger, what = 'records') {
    this.#diag = diag;
    this.#ledger = ledger;
    this.#what = what;
  }

  /** Something was dropped, and the ledger has counted them. */
  onDrop(error?: Error): void {
    this.#hasUntold = true;
    if (!this.#diag.isDue(this.#key)) return;
    this.#hasUntold = false;
    const { dropped, droppedTotal } = this.#ledger.snapshot();
    const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
    this.#diag.warn(this.#key, `${droppedTotal} ${this.#what} dropped since the start (${reasons.join(', ')})`, error);
  }

  /** Tells what no warning has told yet, without waiting for the interval. */
  flush(): void {
    if (!this.#hasUntold) return;
    this.#diag.reset(this.#key);
    this.onDrop();
  }

  get #key(): string {
    return `drops of ${this.#what}`;
  }
}
