import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { checkString, optionMessage } from './option-checks.ts';
import { SEVERITY_NAMES, severityIndex } from './severity.ts';

/** A part of a record that has a short text: a field, or an attribute of the record or of its resource. */
export type RecordField = 'severity' | 'scope' | 'eventName' | `attributes.${string}` | `resource.${string}`;

/** Where a {@link RecordField} is read: a field of the record, or one of the two attribute tables. */
export interface FieldSource {
  readonly field: 'severity' | 'scope' | 'eventName' | 'attributes' | 'resource';
  /** Of attributes, else empty. */
  readonly key: string;
}

const RECORD_FIELD = /^(?:(?<field>severity|scope|eventName)|(?<table>attributes|resource)\.(?<key>.+))$/s;

/** @throws TypeError or RangeError where `value` is no {@link RecordField}. */
export function resolveRecordField(field: string, value: unknown): FieldSource {
  const groups = RECORD_FIELD.exec(checkString(field, value))?.groups;
  if (groups !== undefined) {
    return { field: (groups['field'] ?? groups['table']) as FieldSource['field'], key: groups['key'] ?? '' };
  }
  const rule = '`severity`, `scope`, `eventName`, `attributes.<key>` or `resource.<key>`';
  throw new RangeError(optionMessage(field, rule, value));
}

/**
 * The text of a field as it is, of any length; undefined where there is none, or no text, number or boolean. `severity` is
 * `TRACE` to `FATAL`, undefined where the record has none. Throws what a getter of the record throws.
 */
export function readFieldText({ field, key }: FieldSource, record: ReadableLogRecord): string | undefined {
  switch (field) {
    case 'attributes':
      return scalarText(record.attributes?.[key]);
    case 'severity':
      return severityName(record.severityNumber);
    case 'scope':
      return scalarText(record.instrumentationScope?.name);
    case 'resource':
      return scalarText(record.resource?.attributes?.[key]);
    default:
      return scalarText(record.eventName);
  }
}

/** The text of a text, a number or a boolean; undefined of anything else. */
export function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return undefined;
  }
}

function severityName(severityNumber: unknown): string | undefined {
  const isSpecified = typeof severityNumber === 'number' && severityNumber >= 1;
  return isSpecified ? SEVERITY_NAMES[severityIndex(severityNumber)] : undefined;
}
