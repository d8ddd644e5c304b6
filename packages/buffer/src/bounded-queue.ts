import { checkFunction, checkInteger, checkNumber, checkOneOf, checkOptions, effectiveSeverity } from '@spillway/core';
import { RankedRing } from './ranked-ring.ts';

/** What gives way when an item does not fit. */
export type OverflowPolicy = 'drop-newest' | 'drop-oldest' | 'drop-least-severe';

export const OVERFLOW_POLICIES: readonly OverflowPolicy[] = ['drop-newest', 'drop-oldest', 'drop-least-severe'];

/** Keeps the slots of the ring, up to four times as many, within what an array can have. */
const MAX_SIZE = 2 ** 30;
const DEFAULT_MIN_CAPACITY = 64;

export interface QueueBounds {
  /** How many items are held at most, 1 to 2^30. */
  readonly maxSize: number;
  /** How many bytes are held at most, 1 and up. An item that alone has more is dropped. */
  readonly maxBytes: number;
}

export interface BoundedQueueOptions<T> extends QueueBounds {
  /**
   * - `drop-newest`: what comes is dropped while the queue is full.
   * - `drop-oldest`: the oldest items are dropped.
   * - `drop-least-severe`: the least severe items are dropped, the oldest first within a severity; what comes is dropped
   *   itself where it is less severe than everything held.
   */
  readonly overflow: OverflowPolicy;
  /**
   * Called once for each item that is dropped, after it has left the queue. It must neither throw (`push` would throw
   * the same, and the item it was given would not be held) nor change the queue.
   */
  readonly onDrop?: ((item: T, bytes: number) => void) | undefined;
  /**
   * Items there is room for at all times, 1 to 2^30, at 17 bytes each; room for more is made when it is needed and given
   * back. Raise it where the queue fills and drains in cycles: growing and shrinking in each costs 80 ns an item.
   * @defaultValue 64: little enough for queues that are seldom used
   */
  readonly minCapacity?: number;
}

/**
 * A first-in-first-out queue bounded by count and by bytes. Each operation is O(1) on average, also while the queue is
 * full, and nothing is dropped that there is room for.
 */
export class BoundedQueue<T> {
  #maxSize: number;
  #maxBytes: number;
  readonly #overflow: OverflowPolicy;
  readonly #onDrop: ((item: T, bytes: number) => void) | undefined;
  readonly #minCapacity: number;
  #ring: RankedRing<T>;

  constructor(options: BoundedQueueOptions<T>) {
    checkOptions(options);
    this.#maxSize = checkInteger('maxSize', options.maxSize, { min: 1, max: MAX_SIZE });
    this.#maxBytes = checkNumber('maxBytes', options.maxBytes, { min: 1 });
    this.#overflow = checkOneOf('overflow', options.overflow, OVERFLOW_POLICIES);
    checkFunction('onDrop', options.onDrop);
    this.#onDrop = options.onDrop;
    const { minCapacity = DEFAULT_MIN_CAPACITY } = options;
    this.#minCapacity = checkInteger('minCapacity', minCapacity, { min: 1, max: MAX_SIZE });
    this.#ring = new RankedRing(this.#minCapacity);
  }

  /** How many items are held. */
  get size(): number {
    return this.#ring.size;
  }

  /** Sum of the bytes of all items held. */
  get bytes(): number {
    return this.#ring.bytes;
  }

  /**
   * Adds an item as the newest. Answers false if the item itself was dropped.
   *
   * @param bytes Its size, a whole number from 0. Below 0 and NaN cannot be bounded: the item is dropped.
   * @param severity Its severity number, 1 to 24; without one it ranks as INFO (9).
   */
  push(item: T, bytes: number, severity?: number): boolean {
    const rank = this.#rankOf(severity);
    if (!this.#fits(bytes) && !this.#makeRoom('drop-newest', bytes, rank)) return this.#refuse(item, bytes);
    this.#ring.push(item, bytes, rank);
    return true;
  }

  /**
   * Puts an item back as the oldest. Answers false if the item itself was dropped.
   *
   * Where it does not fit, the queue ends as if the item had never left: `drop-newest` drops the newest items for it;
   * `drop-oldest` drops the item, which is the oldest; `drop-least-severe` drops items less severe than it, or else the
   * item, which is the oldest of its severity. Several items are put back in reverse order, the newest first.
   */
  unshift(item: T, bytes: number, severity?: number): boolean {
    const rank = this.#rankOf(severity);
    if (!this.#fits(bytes) && !this.#makeRoom('drop-oldest', bytes, rank - 1)) return this.#refuse(item, bytes);
    this.#ring.unshift(item, bytes, rank);
    return true;
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    return this.#ring.shift();
  }

  /** The oldest item. */
  peek(): T | undefined {
    return this.#ring.first;
  }

  /**
   * Changes the bounds, which may be 0 here: nothing fits then. What no longer fits is dropped as by the policy, the
   * newest first under `drop-newest`.
   */
  resize({ maxSize, maxBytes }: QueueBounds): void {
    this.#maxSize = checkInteger('maxSize', maxSize, { max: MAX_SIZE });
    this.#maxBytes = checkNumber('maxBytes', maxBytes);
    while (this.#ring.size > maxSize || this.#ring.bytes > maxBytes) this.#dropOne();
  }

  /** Forgets all items and gives their memory back. They are not reported to `onDrop`: they did not overflow. */
  clear(): void {
    this.#ring = new RankedRing(this.#minCapacity);
  }

  #rankOf(severity: number | undefined): number {
    return this.#overflow === 'drop-least-severe' ? effectiveSeverity(severity) : 0;
  }

  #fits(bytes: number): boolean {
    return this.#ring.size < this.#maxSize && bytes >= 0 && this.#ring.bytes + bytes <= this.#maxBytes;
  }

  /**
   * Drops items until the bytes fit; nothing, if the policy drops what comes, or all that may give way would not do.
   * @param refusing the policy under which the item itself is what is dropped
   * @param highest rank of the items that may give way to it
   */
  #makeRoom(refusing: OverflowPolicy, bytes: number, highest: number): boolean {
    const fitsAlone = this.#maxSize > 0 && bytes >= 0 && bytes <= this.#maxBytes;
    if (this.#overflow === refusing || !fitsAlone || !this.#hasEnough(highest, bytes)) return false;
    while (!this.#fits(bytes)) this.#dropOne();
    return true;
  }

  /** Whether items up to this rank make enough room. */
  #hasEnough(highest: number, bytes: number): boolean {
    if (this.#overflow !== 'drop-least-severe') return true;
    const freeBytes = this.#maxBytes - this.#ring.bytes;
    // Where only the count is exceeded, one item will do.
    if (bytes <= freeBytes) return this.#ring.lowestRank() <= highest;
    return bytes <= freeBytes + this.#ring.bytesUpTo(highest);
  }

  #dropOne(): void {
    const ring = this.#ring;
    const bytesBefore = ring.bytes;
    const isLowest = this.#overflow === 'drop-least-severe';
    const item = isLowest ? ring.removeLowest() : this.#overflow === 'drop-oldest' ? ring.shift() : ring.pop();
    this.#onDrop?.(item as T, bytesBefore - ring.bytes);
  }

  #refuse(item: T, bytes: number): false {
    this.#onDrop?.(item, bytes);
    return false;
  }
}
