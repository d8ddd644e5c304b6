/** The naive model of the processor: lists and maps, and nothing that is there for speed. */

export interface ModelRecord {
  readonly id: number;
  readonly key: string;
  readonly isLimited: boolean;
}

export interface ModelLimit {
  /** Whether the last of these records of one key, all by their times, passes. `passed` are those that did. */
  readonly passes: (times: readonly number[], passed: readonly number[]) => boolean;
  /** When the window began that a first suppressed record belongs to. */
  readonly windowStart: (times: readonly number[]) => number;
}

interface ModelKey {
  times: number[];
  passed: number[];
}

interface ModelSummary {
  readonly id: number;
  readonly dueAt: number;
  count: number;
}

/** Only the records of the window that the last one is in. */
function currentWindow(times: readonly number[], intervalMillis: number): number[] {
  let window: number[] = [];
  for (const time of times) {
    if (window.length > 0 && time - (window[0] as number) >= intervalMillis) window = [];
    window.push(time);
  }
  return window;
}

export function firstThenEveryModel(first: number, thereafter: number, intervalMillis: number): ModelLimit {
  return {
    passes: (times) => {
      const after = currentWindow(times, intervalMillis).length - first;
      return after <= 0 || (thereafter > 0 && after % thereafter === 0);
    },
    windowStart: (times) => currentWindow(times, intervalMillis)[0] as number,
  };
}

export function minIntervalModel(intervalMillis: number): ModelLimit {
  return {
    passes: (times, passed) => passed.every((time) => (times.at(-1) as number) - time >= intervalMillis),
    windowStart: (times) => times.at(-1) as number,
  };
}

export class BurstDropModel {
  /** What the delegate gets, in order: ids, those of summaries with their count. */
  readonly lines: string[] = [];
  readonly #limit: ModelLimit;
  readonly #maxKeys: number;
  readonly #summaryMillis: number;
  /** In order of use. */
  readonly #keys = new Map<string, ModelKey>();
  /** In the order in which they began. */
  readonly #pending = new Map<string, ModelSummary>();

  constructor(limit: ModelLimit, maxKeys: number, summaryMillis: number) {
    this.#limit = limit;
    this.#maxKeys = maxKeys;
    this.#summaryMillis = summaryMillis;
  }

  get keys(): number {
    return this.#keys.size;
  }

  emit({ id, key, isLimited }: ModelRecord, now: number): void {
    if (isLimited && !this.#passes(id, key, now)) return;
    this.lines.push(`${id}`);
  }

  /** Summaries leave at the first tenth of their time, counted from 0, that is not before they are due. */
  advance(from: number, to: number): void {
    const grid = this.#summaryMillis / 10;
    for (let now = from + 1; now <= to; now += 1) {
      if (now % grid !== 0) continue;
      for (const [key, { dueAt }] of this.#pending) if (dueAt <= now) this.#leave(key);
    }
  }

  flush(): void {
    for (const key of this.#pending.keys()) this.#leave(key);
  }

  #passes(id: number, key: string, now: number): boolean {
    const state = this.#use(key);
    state.times.push(now);
    if ((this.#pending.get(key)?.dueAt ?? Infinity) <= now) this.#leave(key);
    if (this.#limit.passes(state.times, state.passed)) {
      state.passed.push(now);
      return true;
    }
    const pending = this.#pending.get(key);
    if (pending !== undefined) pending.count += 1;
    else {
      this.#pending.set(key, { id, count: 1, dueAt: this.#limit.windowStart(state.times) + this.#summaryMillis });
    }
    return false;
  }

  #use(key: string): ModelKey {
    const state = this.#keys.get(key) ?? { times: [], passed: [] };
    const [oldest] = this.#keys.keys();
    if (!this.#keys.has(key) && this.#keys.size === this.#maxKeys && oldest !== undefined) {
      this.#keys.delete(oldest);
      this.#leave(oldest);
    }
    this.#keys.delete(key);
    this.#keys.set(key, state);
    return state;
  }

  #leave(key: string): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    this.#pending.delete(key);
    this.lines.push(`${pending.id} x${pending.count}`);
  }
}
