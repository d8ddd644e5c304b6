import type { Cell } from './cell.ts';
import type { Label, SeriesSnapshot } from './family-snapshot.ts';

/** The last value, or a sum that may fall. What a record stands for makes no difference to the present. */
export class GaugeCell implements Cell {
  readonly #adds: boolean;
  #value = 0;

  constructor(action: 'set' | 'add') {
    this.#adds = action === 'add';
  }

  add(value: number): boolean {
    const next = this.#adds ? this.#value + value : value;
    if (!Number.isFinite(next)) return false;
    this.#value = next;
    return true;
  }

  snapshot(labels: readonly Label[]): SeriesSnapshot {
    return { labels, value: this.#value };
  }
}
