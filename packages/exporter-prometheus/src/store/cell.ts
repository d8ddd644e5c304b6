import type { ExemplarSource } from './exemplar-source.ts';
import type { Label, SeriesSnapshot } from './family-snapshot.ts';

/** The numbers of one series. */
export interface Cell {
  /**
   * Takes in the number of a record that stands for `weight` records. Answers false, and changes nothing, where the
   * result would no longer be a finite number, which no later record could repair.
   */
  add(value: number, weight: number, exemplar: ExemplarSource | undefined): boolean;
  snapshot(labels: readonly Label[]): SeriesSnapshot;
}
