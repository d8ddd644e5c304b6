interface Question {
  readonly ask: () => void;
  readonly onAnswer: () => void;
}

/** What a worker was asked and has not answered: the next one is asked again, where it dies before. */
export class Questions {
  readonly #open = new Map<number, Question>();

  /** Asks, and resolves with the answer, or when no worker is waited for any more. */
  ask(name: number, ask: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#open.set(name, { ask, onAnswer: resolve });
      ask();
    });
  }

  /** An answer came, which may be to somebody else's question. */
  onAnswer(name: number): void {
    this.#open.get(name)?.onAnswer();
    this.#open.delete(name);
  }

  askAgain(): void {
    for (const { ask } of this.#open.values()) ask();
  }

  end(): void {
    for (const name of this.#open.keys()) this.onAnswer(name);
  }
}
