import type { Cell } from './cell.ts';
import { type ExemplarSource, toExemplar } from './exemplar-source.ts';
import type { Label, SeriesSnapshot } from './family-snapshot.ts';

/** A sum that only grows. */
export class CounterCell implements Cell {
  #value = 0;
  #exemplar: ExemplarSource | undefined = undefined;
  #exemplarValue = 0;

  add(value: number, weight: number, exemplar: ExemplarSource | undefined): boolean {
    const sum = this.#value + value * weight;
    if (!Number.isFinite(sum)) return false;
    this.#value = sum;
    if (exemplar !== undefined) {
      this.#exemplar = exemplar;
      this.#exemplarValue = value;
    }
    return true;
  }

  snapshot(labels: readonly Label[]): SeriesSnapshot {
    const value = this.#value;
    const exemplar = toExemplar(this.#exemplar, this.#exemplarValue);
    return exemplar === undefined ? { labels, value } : { labels, value, exemplar };
  }
}
