interface Abortable {
  abort(): void;
}

/** Told of the transaction of a put before anything of it is asked for. @throws Error where the put was undone before */
export type OnBegun = (transaction: Abortable) => void;

interface PendingPut {
  transaction: Abortable | undefined;
  isWithdrawn: boolean;
}

/** Puts that have not been answered: each may be undone until its transaction is being committed. */
export class PendingPuts {
  readonly #puts = new Map<number, PendingPut>();

  async run(id: number, put: (onBegun: OnBegun) => Promise<void>): Promise<void> {
    const pending: PendingPut = { transaction: undefined, isWithdrawn: false };
    this.#puts.set(id, pending);
    try {
      await put((transaction) => {
        if (pending.isWithdrawn) throw new Error('The payload was withdrawn.');
        pending.transaction = transaction;
      });
    } finally {
      this.#puts.delete(id);
    }
  }

  /** Says whether nothing of it will be there. */
  withdraw(id: number): boolean {
    const pending = this.#puts.get(id);
    if (pending === undefined) return false;
    try {
      pending.transaction?.abort();
      pending.isWithdrawn = true;
    } catch {
      // It is being committed, or it has ended.
    }
    return pending.isWithdrawn;
  }
}
