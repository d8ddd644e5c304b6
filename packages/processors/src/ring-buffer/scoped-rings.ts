import { LinkedList } from './linked-list.ts';
import { RingItem, ScopeRing } from './scope-ring.ts';

/** How much is held, and for how long. */
export interface RingBounds {
  readonly ttlMillis: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** At most `maxRecords`. */
  readonly maxRecordsPerScope: number;
  /** At most `maxBytes`. */
  readonly maxBytesPerScope: number;
  readonly maxScopes: number;
}

/** Why something leaves without having been released. */
export type LeaveReason = 'evicted' | 'expired';

/** Told of what leaves, after it has left. It must neither throw nor change the rings. */
type OnLeave<T> = (value: T, reason: LeaveReason) => void;

/**
 * Things held by scope, bounded in number, bytes and age, for each scope and for all of them. Times are arguments, and
 * none may be before the one of the call before.
 *
 * - Over a bound of its scope, the oldest of the scope leave.
 * - Over the number of scopes, all of the scope that nothing was added to for the longest time leaves.
 * - Over a bound of all scopes, the oldest of that scope leave, and so on.
 *
 * A scope exists while it holds something. All items are linked by age as well: what expires next, and what was held in
 * which order over all scopes, is known without looking at every scope, for which a ring of slots each would not do.
 */
export class ScopedRings<T> {
  readonly #bounds: RingBounds;
  readonly #onLeave: OnLeave<T>;
  readonly #rings = new Map<string, ScopeRing<T>>();
  readonly #byUse = new LinkedList<ScopeRing<T>>();
  readonly #byAge = new LinkedList<RingItem<T>>();
  #size = 0;
  #bytes = 0;

  constructor(bounds: RingBounds, onLeave: OnLeave<T>) {
    this.#bounds = bounds;
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many scopes hold something. */
  get scopes(): number {
    return this.#rings.size;
  }

  /** The fuller of the two bounds of all scopes, 0 to 1. */
  get pressure(): number {
    return Math.max(this.#size / this.#bounds.maxRecords, this.#bytes / this.#bounds.maxBytes);
  }

  /** When the oldest item expires; `Infinity` while nothing is held. */
  get nextExpiryAt(): number {
    return this.#byAge.first === undefined ? Infinity : this.#byAge.first.heldAt + this.#bounds.ttlMillis;
  }

  /** Holds something as the newest. Answers false where it is too large for a scope: it is not held then. */
  hold(key: string, value: T, bytes: number, now: number): boolean {
    const { maxBytesPerScope, maxRecordsPerScope, maxBytes, maxRecords, maxScopes } = this.#bounds;
    if (bytes > maxBytesPerScope) return false;
    const ring = this.#use(key);
    const item = new RingItem(value, bytes, now, ring);
    ring.append(item);
    this.#byAge.append(item);
    this.#size += 1;
    this.#bytes += bytes;
    // The new item fits by itself and is the newest of the scope used last: whatever leaves, it is not among it.
    while (ring.size > maxRecordsPerScope || ring.bytes > maxBytesPerScope) this.#dropOldest(ring, 'evicted');
    if (this.#rings.size > maxScopes) this.#evictLeastUsed();
    while (this.#size > maxRecords || this.#bytes > maxBytes) {
      this.#dropOldest(this.#byUse.first as ScopeRing<T>, 'evicted');
    }
    return true;
  }

  /** Removes what a scope holds, and returns it, the oldest first. */
  release(key: string, now: number): T[] {
    this.expire(now);
    const values: T[] = [];
    const ring = this.#rings.get(key);
    if (ring === undefined) return values;
    for (let { size } = ring; size > 0; size -= 1) values.push(this.#removeOldest(ring));
    return values;
  }

  /** Removes everything, and returns it in the order in which it was held. */
  releaseAll(now: number): T[] {
    this.expire(now);
    const values: T[] = [];
    for (let item = this.#byAge.first; item !== undefined; item = this.#byAge.first) {
      values.push(this.#removeOldest(item.ring));
    }
    return values;
  }

  /** Lets everything leave that has been held for `ttlMillis`. */
  expire(now: number): void {
    while (this.nextExpiryAt <= now) this.#dropOldest((this.#byAge.first as RingItem<T>).ring, 'expired');
  }

  /** Everything held, in the order in which it was held. */
  values(): T[] {
    const values: T[] = [];
    for (let item = this.#byAge.first; item !== undefined; item = item.next) values.push(item.value);
    return values;
  }

  /** The ring of a scope, as the one used last. */
  #use(key: string): ScopeRing<T> {
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = new ScopeRing(key);
      this.#rings.set(key, ring);
    } else if (ring === this.#byUse.last) {
      return ring;
    } else {
      this.#byUse.remove(ring);
    }
    this.#byUse.append(ring);
    return ring;
  }

  #evictLeastUsed(): void {
    const ring = this.#byUse.first as ScopeRing<T>;
    while (ring.oldest !== undefined) this.#dropOldest(ring, 'evicted');
  }

  #dropOldest(ring: ScopeRing<T>, reason: LeaveReason): void {
    this.#onLeave(this.#removeOldest(ring), reason);
  }

  #removeOldest(ring: ScopeRing<T>): T {
    const item = ring.removeOldest();
    this.#byAge.remove(item);
    this.#size -= 1;
    this.#bytes -= item.bytes;
    if (ring.oldest === undefined) {
      this.#byUse.remove(ring);
      this.#rings.delete(ring.key);
    }
    return item.value;
  }
}
