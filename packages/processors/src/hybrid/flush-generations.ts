/** The records that came between two flushes. */
export class Generation {
  /** How many of them are not settled yet. */
  outstanding = 0;
  /** Called once all records of this and every earlier generation are settled. */
  readonly waiters: Set<() => void> = new Set();
}

/**
 * Tells when every record that came before a certain moment is settled, in whatever order records settle.
 *
 * A moment that somebody waits for ends a generation. Each record remembers its generation and is counted there, so
 * that a record costs one addition when it comes and one subtraction when it is settled, however many wait.
 */
export class FlushGenerations {
  #current = new Generation();
  /** Ended generations with records that are not settled, the oldest first, and younger ones behind them. */
  readonly #ended: Generation[] = [];
  #entered = 0;

  /** How many records have come so far. */
  get entered(): number {
    return this.#entered;
  }

  /** Counts a record that comes; the answer is what {@link leave} needs when it is settled. */
  enter(): Generation {
    this.#entered += 1;
    this.#current.outstanding += 1;
    return this.#current;
  }

  /** Counts a record that is settled: handed on or dropped. */
  leave(generation: Generation): void {
    generation.outstanding -= 1;
    if (generation.outstanding === 0 && generation !== this.#current) this.#notify();
  }

  /**
   * Calls back once every record that came before now is settled. Answers how to stop waiting, or undefined where there
   * is nothing to wait for; then it does not call back.
   */
  whenSettled(callback: () => void): (() => void) | undefined {
    if (this.#current.outstanding > 0) {
      this.#ended.push(this.#current);
      this.#current = new Generation();
    }
    const last = this.#ended.at(-1);
    if (last === undefined) return undefined;
    // A function of its own for each caller, since a set would take the same callback for one.
    const waiter = (): void => callback();
    last.waiters.add(waiter);
    return () => last.waiters.delete(waiter);
  }

  #notify(): void {
    while (this.#ended[0]?.outstanding === 0) {
      const { waiters } = this.#ended.shift() as Generation;
      for (const waiter of waiters) waiter();
    }
  }
}
