import { type RecordCriteria, recordFilter, searchTextOf } from '../../src/live-tail-client.ts';
import type { TailRow } from './tail-row.ts';

export const ALL_ROWS: RecordCriteria = { minSeverity: 1, text: '', scope: '', traceId: '' };

/** Makes a predicate. Rows that are no records, such as gaps, are always shown. */
export function rowFilter(criteria: RecordCriteria): (row: TailRow) => boolean {
  const isShown = recordFilter(criteria);
  return (row) => row.kind !== 'record' || isShown(row.record, () => (row.searchText ??= searchTextOf(row.record)));
}

/** Whether the criteria leave anything out. */
export function isFiltering({ minSeverity, text, scope, traceId }: RecordCriteria): boolean {
  return minSeverity > 1 || [text, scope, traceId].some((part) => part.trim() !== '');
}
