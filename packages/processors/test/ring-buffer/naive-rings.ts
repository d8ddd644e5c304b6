import type { LeaveReason, RingBounds } from '../../src/ring-buffer/scoped-rings.ts';

interface NaiveItem {
  readonly key: string;
  readonly id: number;
  readonly bytes: number;
  readonly heldAt: number;
}

/** Scoped rings as one array that is searched each time. */
export class NaiveRings {
  /** In the order in which they were held. */
  items: NaiveItem[] = [];
  readonly left: [number, LeaveReason][] = [];
  readonly #bounds: RingBounds;
  /** The one used last at the end. */
  #keysByUse: string[] = [];

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
  }

  get scopes(): string[] {
    return this.#keysByUse.filter((used) => this.#of(used).length > 0);
  }

  get bytes(): number {
    return sumOf(this.items);
  }

  hold(key: string, id: number, bytes: number, heldAt: number): boolean {
    const item = { key, id, bytes, heldAt };
    const { maxBytesPerScope, maxRecordsPerScope, maxBytes, maxRecords, maxScopes } = this.#bounds;
    if (item.bytes > maxBytesPerScope) return false;
    this.#keysByUse = [...this.scopes.filter((used) => used !== key), key];
    this.items.push(item);
    const own = (): NaiveItem[] => this.#of(key);
    while (own().length > maxRecordsPerScope || sumOf(own()) > maxBytesPerScope) this.#remove(own()[0], 'evicted');
    if (this.scopes.length > maxScopes) for (const other of this.#of(this.scopes[0])) this.#remove(other, 'evicted');
    while (this.items.length > maxRecords || this.bytes > maxBytes) {
      this.#remove(this.#of(this.scopes[0])[0], 'evicted');
    }
    return true;
  }

  release(key: string, now: number): number[] {
    this.expire(now);
    return this.#take((item) => item.key === key);
  }

  releaseAll(now: number): number[] {
    this.expire(now);
    return this.#take(() => true);
  }

  expire(now: number): void {
    for (const item of this.items) if (now - item.heldAt >= this.#bounds.ttlMillis) this.#remove(item, 'expired');
  }

  #of(key: string | undefined): NaiveItem[] {
    return this.items.filter((item) => item.key === key);
  }

  #take(isTaken: (item: NaiveItem) => boolean): number[] {
    const taken = this.items.filter(isTaken);
    this.items = this.items.filter((item) => !isTaken(item));
    return taken.map(({ id }) => id);
  }

  #remove(item: NaiveItem | undefined, reason: LeaveReason): void {
    this.items = this.items.filter((other) => other !== item);
    this.left.push([item?.id ?? Number.NaN, reason]);
  }
}

function sumOf(items: readonly NaiveItem[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}
