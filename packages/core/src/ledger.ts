import { DROP_REASONS, type DropReason } from './drop-reasons.ts';

/**
 * A component's account of records, at one moment.
 * `received + created + recovered = passed + sum of dropped + held` always holds.
 */
export interface LedgerSnapshot {
  /** Records this component took responsibility for. */
  readonly received: number;
  /** Records it made itself, such as a summary of suppressed ones. */
  readonly created: number;
  /**
   * Records it found in a durable store that another process or page had put there, less those of its own that another one
   * has taken over.
   */
  readonly recovered: number;
  /** Records it handed on; of the last component of a pipeline: delivered. */
  readonly passed: number;
  /** Records it dropped, by reason; reasons that did not occur are absent. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Sum of `dropped`. */
  readonly droppedTotal: number;
  /** Records it is responsible for now. */
  readonly held: number;
}

/** Counts every record of one component, so that none can vanish. Adding is O(1) and allocates nothing. */
export class Ledger {
  #received = 0;
  #created = 0;
  #recovered = 0;
  #passed = 0;
  #droppedTotal = 0;
  readonly #dropped: Record<DropReason, number> = Object.fromEntries(
    DROP_REASONS.map((reason) => [reason, 0]),
  ) as Record<DropReason, number>;

  /** Counts records taken from the component before. */
  receive(count = 1): void {
    this.#received += count;
  }

  /** Counts records made here. */
  create(count = 1): void {
    this.#created += count;
  }

  /** Counts records found in a durable store; below 0, records there that another one has taken over. */
  recover(count = 1): void {
    this.#recovered += count;
  }

  /** Counts records handed on. */
  pass(count = 1): void {
    this.#passed += count;
  }

  /** Counts records dropped for one reason. */
  drop(reason: DropReason, count = 1): void {
    this.#dropped[reason] += count;
    this.#droppedTotal += count;
  }

  /** Records the component is responsible for now: what came in and has not gone out. */
  get held(): number {
    return this.#received + this.#created + this.#recovered - this.#passed - this.#droppedTotal;
  }

  /** Records dropped so far, for all reasons. */
  get droppedTotal(): number {
    return this.#droppedTotal;
  }

  /** Records received so far. */
  get received(): number {
    return this.#received;
  }

  /** Records handed on so far. */
  get passed(): number {
    return this.#passed;
  }

  /** A plain copy of the account, for health checks and tests. */
  snapshot(): LedgerSnapshot {
    const dropped: Partial<Record<DropReason, number>> = {};
    for (const reason of DROP_REASONS) if (this.#dropped[reason] > 0) dropped[reason] = this.#dropped[reason];
    return {
      received: this.#received,
      created: this.#created,
      recovered: this.#recovered,
      passed: this.#passed,
      dropped,
      droppedTotal: this.#droppedTotal,
      held: this.held,
    };
  }
}
