import { ownText } from '@spillway/core';

/** Keys that are counted at once: in a flood of distinct ones, none of them reaches a threshold anyway. */
const MAX_KEYS = 1000;

/** The times of the last records of a key, as many as its threshold. */
interface Times {
  /** A copy: the one that was asked for may keep a whole record in memory. */
  readonly key: string;
  readonly millis: number[];
  /** Where the next one goes, and the oldest one is. */
  next: number;
}

/** Says when a key has had so many records within so much time. Exact, and bounded: the key that was quiet longest is forgotten. */
export class ThresholdCounter {
  readonly #times = new Map<string, Times>();

  get size(): number {
    return this.#times.size;
  }

  /** Counts a record; answers whether it is the one by which the threshold is reached. Its key begins anew then. */
  isReached(
    key: string,
    { threshold, windowMillis }: { threshold: number; windowMillis: number },
    nowMillis: number,
  ): boolean {
    if (threshold <= 1) return true;
    const times = this.#times.get(key) ?? { key: ownText(key), millis: [], next: 0 };
    times.millis[times.next] = nowMillis;
    times.next = (times.next + 1) % threshold;
    this.#times.delete(key);
    const oldest = times.millis[times.next];
    if (times.millis.length === threshold && oldest !== undefined && nowMillis - oldest <= windowMillis) return true;
    this.#times.set(times.key, times);
    if (this.#times.size > MAX_KEYS) this.#times.delete(this.#times.keys().next().value as string);
    return false;
  }
}
