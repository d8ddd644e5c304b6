import { checkFunction, checkInteger, checkString } from './option-checks.ts';
import { MAX_SEVERITY } from './severity.ts';

/** What every choice of log records in options has in common. */
interface RecordFilter<Predicate> {
  readonly minSeverity?: number | undefined;
  readonly maxSeverity?: number | undefined;
  readonly scope?: string | undefined;
  readonly eventName?: string | undefined;
  readonly predicate?: Predicate | undefined;
}

/** A filter with its range of severities filled in. */
export interface ResolvedRecordFilter<Predicate> {
  readonly minSeverity: number;
  readonly maxSeverity: number;
  readonly scope: string | undefined;
  readonly eventName: string | undefined;
  readonly predicate: Predicate | undefined;
}

/**
 * @param field how the filter is named in messages, such as `rules[0]`
 * @throws TypeError or RangeError naming the field that is wrong.
 */
export function resolveRecordFilter<Predicate>(
  field: string,
  filter: RecordFilter<Predicate>,
): ResolvedRecordFilter<Predicate> {
  const { scope, eventName, predicate } = filter;
  const minSeverity = checkInteger(`${field}.minSeverity`, filter.minSeverity ?? 1, { min: 1, max: MAX_SEVERITY });
  const maxSeverity = checkInteger(`${field}.maxSeverity`, filter.maxSeverity ?? MAX_SEVERITY, {
    min: minSeverity,
    max: MAX_SEVERITY,
  });
  if (scope !== undefined) checkString(`${field}.scope`, scope);
  if (eventName !== undefined) checkString(`${field}.eventName`, eventName);
  checkFunction(`${field}.predicate`, predicate);
  return { minSeverity, maxSeverity, scope, eventName, predicate };
}
