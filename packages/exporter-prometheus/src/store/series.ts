import type { Cell } from './cell.ts';
import type { Label } from './family-snapshot.ts';

/** One series of a metric, and what is known of it. */
export interface Series {
  readonly cell: Cell;
  /** Values of the rule's labels, in their order; empty where a label is left out. */
  readonly values: readonly string[];
  readonly labels: readonly Label[];
  /** When a record changed it last; `Infinity` before the first one. */
  changedAtMillis: number;
}
