import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { answerOf } from './answer-of.ts';
import { checkFields, optionMessage } from './option-checks.ts';
import { type ResolvedRecordFilter, resolveRecordFilter } from './record-filter.ts';

type AttributeValue = string | number | boolean;

/** Which records something is about: those that meet every condition that is given. */
export interface RecordCondition {
  /** Lowest severity number, 1 to 24. Records without a severity count as INFO (9). @defaultValue 1 */
  readonly minSeverity?: number;
  /** Highest severity number, `minSeverity` to 24. @defaultValue 24 */
  readonly maxSeverity?: number;
  /** Name of the instrumentation scope, as it is. @defaultValue any scope */
  readonly scope?: string;
  /** Event name, as it is. @defaultValue any record, with an event name or without */
  readonly eventName?: string;
  /** Attributes that the record has with just these values; `200` is not `'200'`. @defaultValue any attributes */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /**
   * A condition of your own: met where it answers true. Asked while the application waits, so it must be fast. Where it
   * throws, the record does not meet it.
   * @defaultValue none
   */
  readonly predicate?: (record: ReadableLogRecord) => boolean;
}

/** A condition with everything filled in. */
export interface ResolvedCondition extends ResolvedRecordFilter<(record: ReadableLogRecord) => boolean> {
  readonly attributes: readonly (readonly [key: string, value: AttributeValue])[];
}

const CONDITION_FIELDS: readonly (keyof RecordCondition)[] = [
  'minSeverity',
  'maxSeverity',
  'scope',
  'eventName',
  'attributes',
  'predicate',
];

/**
 * The conditions of an option such as `when`, of which one must be met. Left out, it is met by all records.
 * @param field how the option is named in messages, such as `rules[0].when`
 * @throws TypeError or RangeError naming the condition that is wrong.
 */
export function resolveConditions(
  field: string,
  when: RecordCondition | readonly RecordCondition[] | undefined,
): ResolvedCondition[] {
  if (!Array.isArray(when)) return [resolveCondition(field, (when ?? {}) as RecordCondition)];
  if (when.length === 0) throw new RangeError(optionMessage(field, 'a condition, or a list of at least one', when));
  return when.map((condition: RecordCondition, index) => resolveCondition(`${field}[${index}]`, condition));
}

/**
 * Whether a record meets one of the conditions. Throws what a predicate throws, or a getter of the record.
 * @param severity the record's, of which every record has one
 */
export function meetsAny(
  conditions: readonly ResolvedCondition[],
  record: ReadableLogRecord,
  severity: number,
): boolean {
  for (let index = 0; index < conditions.length; index += 1) {
    if (meets(conditions[index] as ResolvedCondition, record, severity)) return true;
  }
  return false;
}

function meets(condition: ResolvedCondition, record: ReadableLogRecord, severity: number): boolean {
  if (severity < condition.minSeverity || severity > condition.maxSeverity) return false;
  if (condition.eventName !== undefined && record.eventName !== condition.eventName) return false;
  if (condition.scope !== undefined && record.instrumentationScope?.name !== condition.scope) return false;
  const { attributes, predicate } = condition;
  for (let index = 0; index < attributes.length; index += 1) {
    const [key, value] = attributes[index] as readonly [string, AttributeValue];
    if (record.attributes?.[key] !== value) return false;
  }
  return predicate === undefined || answerOf(predicate(record)) === true;
}

function resolveCondition(field: string, condition: RecordCondition): ResolvedCondition {
  if (typeof condition !== 'object' || condition === null) {
    throw new TypeError(optionMessage(field, 'an object, such as `{ minSeverity: 17 }` or `{ predicate }`', condition));
  }
  checkFields(`${field}.`, condition, CONDITION_FIELDS);
  const { minSeverity, maxSeverity, scope, eventName, predicate } = resolveRecordFilter(field, condition);
  return {
    minSeverity,
    maxSeverity,
    scope,
    eventName,
    predicate,
    attributes: resolveAttributes(`${field}.attributes`, condition.attributes ?? {}),
  };
}

function resolveAttributes(
  field: string,
  attributes: Readonly<Record<string, AttributeValue>>,
): ResolvedCondition['attributes'] {
  if (typeof attributes !== 'object' || attributes === null) {
    throw new TypeError(optionMessage(field, 'an object of names and values', attributes));
  }
  const entries = Object.entries(attributes);
  for (const [key, value] of entries) {
    if (!['string', 'number', 'boolean'].includes(typeof value) || Number.isNaN(value)) {
      throw new TypeError(optionMessage(`${field}.${key}`, 'a text, a number or a boolean', value));
    }
  }
  return entries;
}
