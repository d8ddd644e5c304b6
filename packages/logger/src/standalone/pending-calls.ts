interface Call {
  readonly ended: Promise<void>;
  /** Ends the wait for it. */
  readonly release: () => void;
}

/** Calls that have not ended. */
export class PendingCalls {
  readonly #calls = new Set<Call>();

  get count(): number {
    return this.#calls.size;
  }

  /**
   * Waits for work, which must not reject. Answers what resolves when the work is over, or was let go.
   *
   * @param work resolves with what is done then; that is not called where the work was let go before
   */
  add(work: Promise<() => void>): Promise<void> {
    const call = newCall();
    this.#calls.add(call);
    void work.then((settle) => {
      if (!this.#calls.delete(call)) return;
      settle();
      call.release();
    });
    return call.ended;
  }

  /** Resolves when all calls that are pending now have ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#calls].map(({ ended }) => ended));
  }

  /** Waits no longer. Answers for how many calls that is. */
  letGo(): number {
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const { release } of calls) release();
    return calls.length;
  }
}

function newCall(): Call {
  let release: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { ended, release: release as unknown as () => void };
}
