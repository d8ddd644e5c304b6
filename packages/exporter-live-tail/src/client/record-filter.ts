import { effectiveSeverity } from '@spillway/core';

import type { LiveTailRecord, LiveTailValue } from './live-tail-event.ts';

/** What must hold of a record that is shown, all of it. Empty texts ask for nothing. */
export interface RecordCriteria {
  /** Lowest severity number; 1 for all. A record without one counts as INFO. */
  readonly minSeverity: number;
  /** Part of the body, the event's name, a value of an attribute or an exception, in any case. */
  readonly text: string;
  /** Part of the scope's name, in any case. */
  readonly scope: string;
  /** Beginning of the trace id, in any case. */
  readonly traceId: string;
}

/** Deeper than values come from the server. */
const MAX_DEPTH = 64;

/**
 * Makes a predicate of records.
 *
 * @param searchText answers `searchTextOf` the record, where that is kept
 */
export function recordFilter(criteria: RecordCriteria): (record: LiveTailRecord, searchText?: () => string) => boolean {
  const { minSeverity } = criteria;
  const [text, scope, traceId] = [criteria.text, criteria.scope, criteria.traceId].map((part) =>
    part.trim().toLowerCase(),
  ) as [string, string, string];
  return (record, searchText = () => searchTextOf(record)) => {
    if (minSeverity > 1 && effectiveSeverity(record.severityNumber) < minSeverity) return false;
    if (traceId !== '' && !(record.traceId ?? '').toLowerCase().startsWith(traceId)) return false;
    if (scope !== '' && !record.scope.toLowerCase().includes(scope)) return false;
    return text === '' || searchText().includes(text);
  };
}

/** All values in which text is looked for, in lower case, one a line: what is looked for has no line breaks. */
export function searchTextOf({ body, eventName, attributes }: LiveTailRecord): string {
  const parts: string[] = [];
  if (eventName !== undefined) parts.push(eventName);
  if (body !== undefined) addValues(body, parts, 0);
  for (const value of Object.values(attributes)) addValues(value, parts, 0);
  return parts.join('\n').toLowerCase();
}

function addValues(value: LiveTailValue, parts: string[], depth: number): void {
  if (typeof value !== 'object' || value === null) parts.push(String(value));
  else if (depth < MAX_DEPTH) for (const inner of Object.values(value)) addValues(inner, parts, depth + 1);
}
