import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { SEVERITY_NAMES, severityIndex } from '@spillway/core';

import { answerOf } from './answer-of.ts';

/** What the values become that an allow-list does not name. */
export const OTHER_VALUE = 'other';

/** Where a label is read: a field of the record, or one of the two attribute tables. */
export type LabelField = 'severity' | 'scope' | 'eventName' | 'attributes' | 'resource';

interface LabelSourceOptions {
  /** Name of the label. */
  readonly name: string;
  readonly field: LabelField;
  /** Of attributes. */
  readonly key: string;
  /** Makes the value of what is read. */
  readonly map: ((text: string) => unknown) | undefined;
  /** The only values there may be. */
  readonly allowed: ReadonlySet<string> | undefined;
  /** Value of a record that has none; empty leaves the label out, undefined leaves the record out. */
  readonly fallback: string | undefined;
}

/** Reads one label of records. */
export class LabelSource {
  readonly name: string;
  readonly allowed: ReadonlySet<string> | undefined;
  readonly fallback: string | undefined;
  readonly field: LabelField;
  readonly map: LabelSourceOptions['map'];
  readonly #key: string;

  constructor(options: LabelSourceOptions) {
    this.name = options.name;
    this.field = options.field;
    this.map = options.map;
    this.allowed = options.allowed;
    this.fallback = options.fallback;
    this.#key = options.key;
  }

  /**
   * The value as it is, which {@link safeText} has not seen; empty where the label is left out, undefined where the
   * record cannot be counted. Throws what a getter of the record or `map` throws.
   */
  read(record: ReadableLogRecord): string | undefined {
    let text = scalarText(this.#value(record));
    if (this.map !== undefined && text !== undefined && text !== '') text = scalarText(answerOf(this.map(text)));
    if (text === undefined || text === '') return this.fallback;
    return this.allowed === undefined || this.allowed.has(text) ? text : OTHER_VALUE;
  }

  #value(record: ReadableLogRecord): unknown {
    switch (this.field) {
      case 'attributes':
        return record.attributes?.[this.#key];
      case 'severity':
        return severityName(record.severityNumber);
      case 'scope':
        return record.instrumentationScope?.name;
      case 'resource':
        return record.resource?.attributes?.[this.#key];
      default:
        return record.eventName;
    }
  }
}

function severityName(severityNumber: unknown): string | undefined {
  const isSpecified = typeof severityNumber === 'number' && severityNumber >= 1;
  return isSpecified ? SEVERITY_NAMES[severityIndex(severityNumber)] : undefined;
}

/** Text of a value that can be a label; undefined where it cannot. */
function scalarText(value: unknown): string | undefined {
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
