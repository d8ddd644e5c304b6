const NONE = -1;

/**
 * Gives each key a cell, a number from 0 to `capacity - 1`. Keys are two 32-bit hashes. Where all cells are taken, a new
 * key takes over the cell whose key was not asked for the longest. Its memory is fixed, and finding allocates nothing.
 */
export class KeyTable {
  readonly #capacity: number;
  readonly #onEvict: (cell: number) => void;
  readonly #hashesA: Int32Array;
  readonly #hashesB: Int32Array;
  /** First cell of each bucket, and behind each cell the next one of its bucket. */
  readonly #heads: Int32Array;
  readonly #nextInBucket: Int32Array;
  /** A ring in order of use, closed by one entry that is no cell: the newest is before it, the oldest behind it. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  #size = 0;

  /** @param onEvict told of a cell that another key takes over; must not use the table */
  constructor(capacity: number, onEvict: (cell: number) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
    this.#hashesA = new Int32Array(capacity);
    this.#hashesB = new Int32Array(capacity);
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity))).fill(NONE);
    this.#nextInBucket = new Int32Array(capacity);
    this.#older = new Int32Array(capacity + 1).fill(capacity);
    this.#newer = new Int32Array(capacity + 1).fill(capacity);
  }

  /** Number of keys that have a cell. */
  get size(): number {
    return this.#size;
  }

  /** The cell of a key, which becomes the one used last. The hashes are 32-bit integers. */
  find(hashA: number, hashB: number): number {
    const bucket = hashA & (this.#heads.length - 1);
    let cell = this.#heads[bucket] as number;
    while (cell !== NONE && (this.#hashesA[cell] !== hashA || this.#hashesB[cell] !== hashB)) {
      cell = this.#nextInBucket[cell] as number;
    }
    if (cell === NONE) return this.#add(bucket, hashA, hashB);
    if (this.#newer[cell] !== this.#capacity) {
      this.#leaveRing(cell);
      this.#joinRing(cell);
    }
    return cell;
  }

  #add(bucket: number, hashA: number, hashB: number): number {
    const cell = this.#size < this.#capacity ? this.#size : this.#evictOldest();
    if (cell === this.#size) this.#size += 1;
    this.#hashesA[cell] = hashA;
    this.#hashesB[cell] = hashB;
    this.#nextInBucket[cell] = this.#heads[bucket] as number;
    this.#heads[bucket] = cell;
    this.#joinRing(cell);
    return cell;
  }

  #evictOldest(): number {
    const cell = this.#newer[this.#capacity] as number;
    this.#leaveRing(cell);
    this.#leaveBucket(cell);
    this.#onEvict(cell);
    return cell;
  }

  #leaveBucket(cell: number): void {
    const bucket = (this.#hashesA[cell] as number) & (this.#heads.length - 1);
    const next = this.#nextInBucket[cell] as number;
    let before = this.#heads[bucket] as number;
    if (before === cell) {
      this.#heads[bucket] = next;
      return;
    }
    while (this.#nextInBucket[before] !== cell) before = this.#nextInBucket[before] as number;
    this.#nextInBucket[before] = next;
  }

  #joinRing(cell: number): void {
    const last = this.#older[this.#capacity] as number;
    this.#newer[last] = cell;
    this.#older[cell] = last;
    this.#newer[cell] = this.#capacity;
    this.#older[this.#capacity] = cell;
  }

  #leaveRing(cell: number): void {
    const older = this.#older[cell] as number;
    const newer = this.#newer[cell] as number;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }
}
