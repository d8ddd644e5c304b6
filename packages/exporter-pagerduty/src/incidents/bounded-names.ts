/** The first few distinct texts of many. */
export class BoundedNames {
  readonly #max: number;
  readonly #names: Set<string>;

  constructor(max: number, names: Iterable<string> = []) {
    this.#max = max;
    this.#names = new Set([...names].slice(0, max));
  }

  add(name: string | undefined): void {
    if (name !== undefined && this.#names.size < this.#max) this.#names.add(name);
  }

  list(): string[] {
    return [...this.#names];
  }
}
