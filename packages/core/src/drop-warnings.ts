import type { Ledger } from './ledger.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

const KEY = 'drops';

/** Tells an operator of drops: one warning per interval with the totals since the start, and at the end what was not told. */
export class DropWarnings {
  readonly #diag: ThrottledDiag;
  readonly #ledger: Ledger;
  #hasUntold = false;

  constructor(diag: ThrottledDiag, ledger: Ledger) {
    this.#diag = diag;
    this.#ledger = ledger;
  }

  /** Records were dropped, and the ledger has counted them. */
  onDrop(error?: Error): void {
    this.#hasUntold = true;
    if (!this.#diag.isDue(KEY)) return;
    this.#hasUntold = false;
    const { dropped, droppedTotal } = this.#ledger.snapshot();
    const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
    this.#diag.warn(KEY, `${droppedTotal} records dropped since the start (${reasons.join(', ')})`, error);
  }

  /** Tells what no warning has told yet, without waiting for the interval. */
  flush(): void {
    if (!this.#hasUntold) return;
    this.#diag.reset(KEY);
    this.onDrop();
  }
}
