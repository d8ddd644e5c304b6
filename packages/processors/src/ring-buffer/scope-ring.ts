import type { Linked } from './linked-list.ts';

/** Something held: linked to what was held before and after it in any scope, and to the next one in its own. */
export class RingItem<T> implements Linked<RingItem<T>> {
  readonly value: T;
  readonly bytes: number;
  readonly heldAt: number;
  readonly ring: ScopeRing<T>;
  previous: RingItem<T> | undefined = undefined;
  next: RingItem<T> | undefined = undefined;
  nextInScope: RingItem<T> | undefined = undefined;

  constructor(value: T, bytes: number, heldAt: number, ring: ScopeRing<T>) {
    this.value = value;
    this.bytes = bytes;
    this.heldAt = heldAt;
    this.ring = ring;
  }
}

/** What one scope holds, linked to the scopes that were used before and after it. */
export class ScopeRing<T> implements Linked<ScopeRing<T>> {
  readonly key: string;
  size = 0;
  bytes = 0;
  oldest: RingItem<T> | undefined = undefined;
  previous: ScopeRing<T> | undefined = undefined;
  next: ScopeRing<T> | undefined = undefined;
  #newest: RingItem<T> | undefined = undefined;

  constructor(key: string) {
    this.key = key;
  }

  append(item: RingItem<T>): void {
    if (this.#newest === undefined) this.oldest = item;
    else this.#newest.nextInScope = item;
    this.#newest = item;
    this.size += 1;
    this.bytes += item.bytes;
  }

  /** Removes the oldest item, which must be there. */
  removeOldest(): RingItem<T> {
    const item = this.oldest as RingItem<T>;
    this.oldest = item.nextInScope;
    item.nextInScope = undefined;
    if (this.oldest === undefined) this.#newest = undefined;
    this.size -= 1;
    this.bytes -= item.bytes;
    return item;
  }
}
