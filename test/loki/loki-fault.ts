import type { Delayed, EndingFault, FaultPlan } from '../stand-in/fault.ts';

/** Loki's own refusal while ingestion is blocked: nothing is stored, with a status that looks like success (260). */
export interface BlockIngestionFault {
  readonly kind: 'block-ingestion';
  readonly status?: number;
  readonly untilMillis?: number;
}

/** What goes wrong with a push. */
export type LokiFault = Delayed<EndingFault | BlockIngestionFault>;

/** Chooses the fault of a push; undefined lets it through. */
export type LokiFaultPlan = FaultPlan<LokiFault>;
