import { callSafely, type Drop, DropWarnings, Ledger, type LedgerSnapshot, type ThrottledDiag } from '@spillway/core';

/** How the sending to PagerDuty goes. */
export interface PageStats {
  /** Pages: each is a trigger event that opens an incident. `received` is 0; `recovered` were left by an earlier process. */
  readonly pages: LedgerSnapshot;
  /** Change events. */
  readonly changes: LedgerSnapshot;
  /** Updates of open incidents that PagerDuty has taken. */
  readonly updatesSent: number;
  /** Incidents that were resolved. */
  readonly resolvesSent: number;
  readonly requestsSucceeded: number;
  readonly requestsFailed: number;
}

/** The account of what is sent, and who is told of what is not. */
export class PageAccount {
  readonly pages: Ledger = new Ledger();
  readonly changes: Ledger = new Ledger();
  readonly #diag: ThrottledDiag;
  readonly #pageWarnings: DropWarnings;
  readonly #changeWarnings: DropWarnings;
  readonly #onDrop: ((drop: Drop) => void) | undefined;
  #updatesSent = 0;
  #resolvesSent = 0;
  #requestsSucceeded = 0;
  #requestsFailed = 0;

  /** @param onDrop told of pages and changes that are dropped */
  constructor(diag: ThrottledDiag, onDrop: ((drop: Drop) => void) | undefined) {
    this.#diag = diag;
    this.#pageWarnings = new DropWarnings(diag, this.pages, 'pages');
    this.#changeWarnings = new DropWarnings(diag, this.changes, 'changes');
    this.#onDrop = onDrop;
  }

  onUpdated(): void {
    this.#updatesSent += 1;
  }

  onResolved(): void {
    this.#resolvesSent += 1;
  }

  onRequestEnd(isTaken: boolean): void {
    if (isTaken) this.#requestsSucceeded += 1;
    else this.#requestsFailed += 1;
  }

  /** A page or a change will not be delivered. Never throws. */
  drop(ledger: Ledger, drop: Drop): void {
    ledger.drop(drop.reason, drop.count);
    (ledger === this.pages ? this.#pageWarnings : this.#changeWarnings).onDrop(drop.error);
    callSafely(
      () => this.#onDrop?.(drop),
      (error) => this.#diag.error('onDrop', 'The callback onPageDrop threw; the drop is counted all the same', error),
    );
  }

  /** Tells of all drops that nobody was told of yet. */
  end(): void {
    this.#pageWarnings.flush();
    this.#changeWarnings.flush();
  }

  stats(): PageStats {
    return {
      pages: this.pages.snapshot(),
      changes: this.changes.snapshot(),
      updatesSent: this.#updatesSent,
      resolvesSent: this.#resolvesSent,
      requestsSucceeded: this.#requestsSucceeded,
      requestsFailed: this.#requestsFailed,
    };
  }
}
