import { checkInteger } from '@spillway/core';

/** As many elements as an array can have. */
const MAX_CAPACITY = 2 ** 32 - 1;

/**
 * A first-in-first-out buffer of fixed capacity: when it is full, the oldest item is overwritten and counted.
 * Each operation is O(1). What was removed is not referenced any more.
 */
export class RingBuffer<T> implements Iterable<T> {
  readonly #capacity: number;
  /** Grows to the capacity as items come, so that a large ring that stays empty costs nothing. */
  #slots: (T | undefined)[] = [];
  #head = 0;
  #size = 0;
  #overwrittenCount = 0;

  /** @param capacity How many items are held, 1 and up. */
  constructor(capacity: number) {
    this.#capacity = checkInteger('capacity', capacity, { min: 1, max: MAX_CAPACITY });
  }

  get capacity(): number {
    return this.#capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** How many items were overwritten since the ring was made; `clear` and `shift` do not count. */
  get overwrittenCount(): number {
    return this.#overwrittenCount;
  }

  /** Adds an item as the newest, and returns the item that it overwrote, if the ring was full. */
  push(item: T): T | undefined {
    if (this.#size < this.#capacity) {
      this.#slots[this.#slotOf(this.#size)] = item;
      this.#size += 1;
      return undefined;
    }
    const overwritten = this.#slots[this.#head];
    this.#slots[this.#head] = item;
    this.#head = this.#slotOf(1);
    this.#overwrittenCount += 1;
    return overwritten;
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = this.#slotOf(1);
    this.#size -= 1;
    return item;
  }

  /** The oldest item. */
  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  /** The item at this place, counted from the oldest, which is 0; undefined where there is none. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.#size ? this.#slots[this.#slotOf(index)] : undefined;
  }

  /** Forgets all items and gives their memory back. */
  clear(): void {
    this.#slots = [];
    this.#head = 0;
    this.#size = 0;
  }

  /** From the oldest to the newest. Do not change the ring meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.#size; index += 1) yield this.#slots[this.#slotOf(index)] as T;
  }

  /** From the oldest to the newest. */
  toArray(): T[] {
    return [...this];
  }

  #slotOf(index: number): number {
    const slot = this.#head + index;
    return slot < this.#capacity ? slot : slot - this.#capacity;
  }
}
