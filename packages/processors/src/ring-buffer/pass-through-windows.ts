/**
 * Scopes whose records pass for a while, bounded in number: over the bound, the one that would end first ends at once.
 * All last equally long, so that a Map, which keeps its keys in the order in which they came, has them in the order in
 * which they end. Times are arguments.
 */
export class PassThroughWindows {
  readonly #lengthMillis: number;
  readonly #maxScopes: number;
  readonly #endsAt = new Map<string, number>();

  /** @param lengthMillis 0: none is ever open */
  constructor(lengthMillis: number, maxScopes: number) {
    this.#lengthMillis = lengthMillis;
    this.#maxScopes = maxScopes;
  }

  /** How many there are, including what has ended since the last `expire`. */
  get size(): number {
    return this.#endsAt.size;
  }

  /** When the first one ends; `Infinity` where there is none. */
  get nextEndAt(): number {
    return this.#first?.[1] ?? Infinity;
  }

  /** Begins, or begins anew. */
  open(key: string, now: number): void {
    if (this.#lengthMillis === 0) return;
    this.#endsAt.delete(key);
    if (this.#endsAt.size >= this.#maxScopes) this.#endsAt.delete((this.#first as [string, number])[0]);
    this.#endsAt.set(key, now + this.#lengthMillis);
  }

  isOpen(key: string, now: number): boolean {
    // Most of the time nothing has gone wrong, and nothing needs to be looked up.
    if (this.#endsAt.size === 0) return false;
    const endsAt = this.#endsAt.get(key);
    return endsAt !== undefined && now < endsAt;
  }

  /** Forgets those that have ended. */
  expire(now: number): void {
    for (const [key, endsAt] of this.#endsAt) {
      if (now < endsAt) return;
      this.#endsAt.delete(key);
    }
  }

  clear(): void {
    this.#endsAt.clear();
  }

  get #first(): [string, number] | undefined {
    return this.#endsAt.entries().next().value;
  }
}
