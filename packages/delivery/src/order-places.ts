/** Gives out places in the order of sending: the order of encoding, with what earlier processes have left in front. */
export class OrderPlaces {
  #next = 0;
  #first = 0;

  /** The place that is given out next: all that are given out now are before it. */
  get next(): number {
    return this.#next;
  }

  /** The first of so many places, behind all others. */
  reserve(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }

  /** The first of so many places, in front of all others. */
  reserveBefore(count: number): number {
    this.#first -= count;
    return this.#first;
  }
}
