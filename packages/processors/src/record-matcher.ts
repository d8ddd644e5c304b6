import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { effectiveSeverity, meetsAny, type RecordCondition, resolveConditions } from '@spillway/core';

/**
 * A callback that answers whether a record meets one of the conditions: what a configuration file has in the place of a
 * function.
 *
 * @param field how the option is named in messages
 * @throws TypeError or RangeError naming the condition that is wrong.
 */
export function recordMatcher(
  field: string,
  conditions: readonly RecordCondition[],
): (record: ReadWriteLogRecord) => boolean {
  const resolved = resolveConditions(field, conditions);
  return (record) => meetsAny(resolved, record, effectiveSeverity(record.severityNumber));
}
