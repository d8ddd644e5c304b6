import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { effectiveSeverity, meetsAny } from '@spillway/core';

import type { ResolvedRule } from './resolved-rule.ts';

/**
 * Whether a rule is about a record. A record without a severity never pages, whatever the conditions say; for a change it
 * counts as INFO. Throws what a predicate throws, or a getter of the record.
 * @param severityNumber the record's own, as it is
 */
export function matches(rule: ResolvedRule, record: ReadableLogRecord, severityNumber: unknown): boolean {
  if (rule.type === 'alert' && !hasSeverity(severityNumber)) return false;
  return meetsAny(rule.when, record, effectiveSeverity(severityNumber));
}

function hasSeverity(severityNumber: unknown): boolean {
  return typeof severityNumber === 'number' && severityNumber >= 1;
}
