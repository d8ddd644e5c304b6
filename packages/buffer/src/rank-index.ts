import { RANK_COUNT } from './rank-count.ts';

/** What a `RankedRing` knows about its items by rank. */
export class RankIndex {
  readonly #sizes = zeros();
  readonly #bytes = zeros();
  readonly #cursors = zeros();
  /** No item has a rank below this one. */
  #lowest = RANK_COUNT;

  /** @param position Position of the first item, or one before it. */
  constructor(position: number) {
    this.#cursors.fill(position);
  }

  add(rank: number, bytes: number): void {
    this.#sizes[rank] = (this.#sizes[rank] as number) + 1;
    this.#bytes[rank] = (this.#bytes[rank] as number) + bytes;
    if (rank < this.#lowest) this.#lowest = rank;
  }

  remove(rank: number, bytes: number): void {
    this.#sizes[rank] = (this.#sizes[rank] as number) - 1;
    this.#bytes[rank] = (this.#bytes[rank] as number) - bytes;
  }

  /** The lowest rank that has an item, or `RANK_COUNT` if none has. */
  lowest(): number {
    while (this.#sizes[this.#lowest] === 0) this.#lowest += 1;
    return this.#lowest;
  }

  /** Bytes of the items of this rank and lower ones. */
  bytesUpTo(rank: number): number {
    let sum = 0;
    for (let lower = 0; lower <= rank; lower += 1) sum += this.#bytes[lower] as number;
    return sum;
  }

  /** No item of the rank is before this position. */
  cursorOf(rank: number): number {
    return this.#cursors[rank] as number;
  }

  moveCursor(rank: number, position: number): void {
    this.#cursors[rank] = position;
  }
}

function zeros(): number[] {
  return Array.from({ length: RANK_COUNT }, () => 0);
}
