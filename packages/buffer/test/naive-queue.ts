import type { OverflowPolicy, QueueBounds } from '@spillway/buffer';

interface Held {
  readonly item: number;
  readonly bytes: number;
  readonly rank: number;
}

/** What a `BoundedQueue` must do, done the slow way: an array that is searched for each victim. */
export class NaiveQueue {
  held: Held[] = [];
  dropped: [item: number, bytes: number][] = [];
  #maxSize: number;
  #maxBytes: number;
  readonly #overflow: OverflowPolicy;

  constructor(maxSize: number, maxBytes: number, overflow: OverflowPolicy) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
    this.#overflow = overflow;
  }

  get size(): number {
    return this.held.length;
  }

  get bytes(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  push(item: number, bytes: number, severity: number): boolean {
    const added = { item, bytes, rank: severity || 9 };
    return this.#settle(added, [...this.held, added]);
  }

  unshift(item: number, bytes: number, severity: number): boolean {
    const added = { item, bytes, rank: severity || 9 };
    return this.#settle(added, [added, ...this.held]);
  }

  shift(): number | undefined {
    return this.held.shift()?.item;
  }

  peek(): number | undefined {
    return this.held[0]?.item;
  }

  resize({ maxSize, maxBytes }: QueueBounds): void {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
    for (const { item, bytes } of this.#victims(this.held)) this.dropped.push([item, bytes]);
  }

  /** Lets everything in, then drops until it fits. If the added item is among the victims, it is the only one. */
  #settle(added: Held, all: readonly Held[]): boolean {
    const left = [...all];
    const victims = this.#victims(left);
    const isRefused = victims.includes(added) || added.bytes > this.#maxBytes;
    if (!isRefused) this.held = left;
    for (const { item, bytes } of isRefused ? [added] : victims) this.dropped.push([item, bytes]);
    return !isRefused;
  }

  /** Takes out what has to go. */
  #victims(all: Held[]): Held[] {
    const victims: Held[] = [];
    while (all.length > this.#maxSize || all.reduce((sum, { bytes }) => sum + bytes, 0) > this.#maxBytes) {
      victims.push(...all.splice(all.indexOf(this.#victim(all)), 1));
    }
    return victims;
  }

  #victim(all: Held[]): Held {
    if (this.#overflow === 'drop-newest') return all.at(-1) as Held;
    if (this.#overflow === 'drop-oldest') return all[0] as Held;
    const lowest = Math.min(...all.map(({ rank }) => rank));
    return all.find(({ rank }) => rank === lowest) as Held;
  }
}
