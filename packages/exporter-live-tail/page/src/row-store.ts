import { RingBuffer } from '@spillway/buffer';

import type { TailRow } from './tail-row.ts';

export interface RowStoreOptions {
  /** How many rows are kept at most. */
  readonly maxRows: number;
  /** How many bytes the rows may take; one row is kept in any case. */
  readonly maxBytes: number;
}

/** More than this many dead places at the front of an array are cut off. */
const MAX_DEAD_PLACES = 1024;

/** The last rows, and which of them are shown. Rows come at the end and leave at the front. */
export class RowStore {
  readonly #rows: RingBuffer<TailRow>;
  readonly #maxBytes: number;
  #bytes = 0;
  #isShown: (row: TailRow) => boolean = () => true;
  /** The rows that are shown, from `#head` on. */
  #shown: (TailRow | undefined)[] = [];
  #head = 0;
  #shownLeft = 0;

  constructor({ maxRows, maxBytes }: RowStoreOptions) {
    this.#rows = new RingBuffer(maxRows);
    this.#maxBytes = maxBytes;
  }

  /** How many rows are kept. */
  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many rows are shown. */
  get shownSize(): number {
    return this.#shown.length - this.#head;
  }

  /** How many rows that were shown have left since the filter was set: a list that stands still moves by so many. */
  get shownLeft(): number {
    return this.#shownLeft;
  }

  /** A row that is shown, by its place among them. */
  shownAt(index: number): TailRow | undefined {
    return index < 0 ? undefined : this.#shown[this.#head + index];
  }

  /** Place of a row among those that are shown, or of the first one after it. */
  shownIndexOf(number: number): number {
    let [low, high] = [this.#head, this.#shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shown[middle] as TailRow).number < number) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  /** Keeps a row, and lets go of the oldest ones where it needs their place. Returns how many records had to leave. */
  push(row: TailRow): number {
    const overwritten = this.#rows.push(row);
    this.#bytes += row.bytes;
    if (this.#isShown(row)) this.#shown.push(row);
    let leftRecords = overwritten === undefined ? 0 : this.#forget(overwritten);
    while (this.#bytes > this.#maxBytes && this.#rows.size > 1) {
      leftRecords += this.#forget(this.#rows.shift() as TailRow);
    }
    return leftRecords;
  }

  /** Shows other rows, also of those that are kept already. */
  setFilter(isShown: (row: TailRow) => boolean): void {
    this.#isShown = isShown;
    this.#shown = this.#rows.toArray().filter(isShown);
    this.#head = 0;
    this.#shownLeft = 0;
  }

  clear(): void {
    this.#rows.clear();
    this.#bytes = 0;
    this.#shown = [];
    this.#head = 0;
    this.#shownLeft = 0;
  }

  /** All rows that are kept, oldest first. */
  toArray(): TailRow[] {
    return this.#rows.toArray();
  }

  /** Returns how many records it was. */
  #forget(row: TailRow): number {
    this.#bytes -= row.bytes;
    if (this.#shown[this.#head] === row) this.#hideFirst();
    return row.kind === 'record' ? 1 : 0;
  }

  #hideFirst(): void {
    this.#shown[this.#head] = undefined;
    this.#head += 1;
    this.#shownLeft += 1;
    if (this.#head <= MAX_DEAD_PLACES || this.#head * 2 < this.#shown.length) return;
    this.#shown = this.#shown.slice(this.#head);
    this.#head = 0;
  }
}
