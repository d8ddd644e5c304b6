import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { answerOf, type FieldSource, readFieldText, scalarText } from '@spillway/core';

/** What the values become that an allow-list does not name. */
export const OTHER_VALUE = 'other';

interface LabelSourceOptions {
  /** Name of the label. */
  readonly name: string;
  /** Where it is read. */
  readonly source: FieldSource;
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
  readonly source: FieldSource;
  readonly map: LabelSourceOptions['map'];
  readonly allowed: ReadonlySet<string> | undefined;
  readonly fallback: string | undefined;

  constructor(options: LabelSourceOptions) {
    this.name = options.name;
    this.source = options.source;
    this.map = options.map;
    this.allowed = options.allowed;
    this.fallback = options.fallback;
  }

  /**
   * The value as it is, which {@link safeText} has not seen; empty where the label is left out, undefined where the
   * record cannot be counted. Throws what a getter of the record or `map` throws.
   */
  read(record: ReadableLogRecord): string | undefined {
    let text = readFieldText(this.source, record);
    if (this.map !== undefined && text !== undefined && text !== '') text = scalarText(answerOf(this.map(text)));
    if (text === undefined || text === '') return this.fallback;
    return this.allowed === undefined || this.allowed.has(text) ? text : OTHER_VALUE;
  }
}
