import type { ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import { setOwn } from './own-property.ts';
import { toPlainValue } from './plain-value.ts';

/** What a snapshot is taken of: what exporters get, or what processors get. */
type AnyLogRecord = ReadableLogRecord | ReadWriteLogRecord;
type Attributes = ReadableLogRecord['attributes'];

/**
 * A log record of our own: the values another record had at one moment, with the same `resource` and
 * `instrumentationScope` objects, whose identity groups records in exporters. Its setters change only itself.
 */
export class LogRecordSnapshot implements ReadWriteLogRecord {
  hrTime: ReadableLogRecord['hrTime'];
  hrTimeObserved: ReadableLogRecord['hrTimeObserved'];
  spanContext?: Exclude<ReadableLogRecord['spanContext'], undefined>;
  severityText?: string;
  severityNumber?: Exclude<ReadableLogRecord['severityNumber'], undefined>;
  body?: ReadableLogRecord['body'];
  eventName?: string;
  readonly resource: ReadableLogRecord['resource'];
  readonly instrumentationScope: ReadableLogRecord['instrumentationScope'];
  droppedAttributesCount: number;
  #attributes: Attributes;
  #ownsAttributes: boolean;

  /**
   * @param record what to take the values of
   * @param copyBody copies an object body, so that the application may change it afterwards; texts and numbers need no copy
   * @param attributes used in place of the record's own, and owned by the snapshot
   */
  constructor(record: AnyLogRecord, copyBody: boolean, attributes?: Attributes) {
    const { body } = record;
    this.hrTime = record.hrTime;
    this.hrTimeObserved = record.hrTimeObserved;
    this.spanContext = record.spanContext as Exclude<ReadableLogRecord['spanContext'], undefined>;
    this.severityText = record.severityText as string;
    this.severityNumber = record.severityNumber as Exclude<ReadableLogRecord['severityNumber'], undefined>;
    this.body = copyBody && typeof body === 'object' ? toPlainValue(body) : body;
    this.eventName = record.eventName as string;
    this.resource = record.resource;
    this.instrumentationScope = record.instrumentationScope;
    this.droppedAttributesCount = record.droppedAttributesCount;
    // The SDK has copied attributes already when they were set, so the table is shared until something is written here.
    this.#attributes = attributes ?? record.attributes;
    this.#ownsAttributes = attributes !== undefined;
  }

  get attributes(): Attributes {
    return this.#attributes;
  }

  setAttribute(key: string, value?: unknown): this {
    if (!this.#ownsAttributes) {
      this.#attributes = { ...this.#attributes };
      this.#ownsAttributes = true;
    }
    setOwn<unknown>(this.#attributes, key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    return this;
  }

  setBody(body: ReadableLogRecord['body']): this {
    this.body = body;
    return this;
  }

  setEventName(eventName: string): this {
    this.eventName = eventName;
    return this;
  }

  setSeverityNumber(severityNumber: Exclude<ReadableLogRecord['severityNumber'], undefined>): this {
    this.severityNumber = severityNumber;
    return this;
  }

  setSeverityText(severityText: string): this {
    this.severityText = severityText;
    return this;
  }
}
