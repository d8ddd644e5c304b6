import type { Batch } from './batch.ts';
import { isSevere } from './lane-choice.ts';

/** ERROR: what somebody may be waiting for. */
const SEVERE_SEVERITY = 17;

/** A batch as it is, or what is severe in it apart from the rest: there may be time or room for little else. */
export function severeFirst(batch: Batch): readonly Batch[] {
  const areSevere = batch.records.map(({ severityNumber }) => isSevere(severityNumber, SEVERE_SEVERITY));
  if (!areSevere.includes(true) || !areSevere.includes(false)) return [batch];
  return [true, false].map((wanted) => ({
    ...batch,
    records: batch.records.filter((_, index) => areSevere[index] === wanted),
  }));
}
