import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { bodyText, MAX_SURE_LINE_CHARACTERS } from './body-text.ts';
import {
  DROPPED_ATTRIBUTES_COUNT,
  EVENT_NAME,
  FLAGS,
  OBSERVED_TIMESTAMP,
  SPAN_ID,
  TRACE_ID,
} from './builtin-fields.ts';
import { flatText } from './flat-text.ts';
import { escapeJson } from './json-text.ts';
import type { KeyPlan, KeyTable } from './key-table.ts';
import { MAX_AGE_MILLIS, MAX_AHEAD_MILLIS, MAX_METADATA_BYTES, MAX_METADATA_PAIRS } from './loki-limits.ts';
import type { Origin } from './origin.ts';
import { momentOf, momentText } from './record-time.ts';
import { isRegular, traceFields } from './trace-fields.ts';

/** Metadata of at most this many UTF-16 units is within Loki's limit, whatever its characters. */
const MAX_SURE_METADATA_CHARACTERS = Math.floor(MAX_METADATA_BYTES / 3);

const MAX_STAMP = 0x3fff_ffff;

/** The last time that was read: records that follow each other mostly have the same one. */
class TimeReader {
  millis = 0;
  nanos = 0;
  #seconds = -1;
  #secondNanos = -1;

  /** Whether `hrTime` is the time that was read last. */
  isLast(hrTime: ReadableLogRecord['hrTime']): boolean {
    return hrTime[0] === this.#seconds && hrTime[1] === this.#secondNanos;
  }

  /** Whether `hrTime` is a time; it is then in the fields. */
  read(hrTime: ReadableLogRecord['hrTime']): boolean {
    const moment = momentOf(hrTime);
    if (moment === undefined) return false;
    [this.#seconds, this.#secondNanos] = hrTime;
    this.millis = moment.millis;
    this.nanos = moment.nanos;
    return true;
  }
}

/**
 * Encodes records that need no repair, which is nearly all of them, from texts prepared per origin, severity, attribute
 * and value. What it leaves in its fields is valid until the next record. A record that it cannot encode exactly as
 * {@link encodeCarefully} would is left to that.
 */
export class FastRecord {
  /** The line and all that follows it, up to the end of the record. */
  rest = '';
  severity = 0;
  readonly time: TimeReader = new TimeReader();
  readonly #observed = new TimeReader();
  /** `",{"observed_timestamp":"..."`, without the last quote. */
  #observedText = '';
  #oldestMillis = 0;
  #newestMillis = 0;
  #stamp = 0;
  #spanContext: unknown;
  #traceText = '';
  #traceFields = 0;
  #pairCount = 0;

  startBatch(nowMillis: number): void {
    this.#oldestMillis = nowMillis - MAX_AGE_MILLIS;
    this.#newestMillis = nowMillis + MAX_AHEAD_MILLIS;
  }

  /** Whether the record could be encoded. May throw where the record does. */
  encode(record: ReadableLogRecord, origin: Origin, keys: KeyTable): boolean {
    if (!this.#readTimes(record) || origin.overrulesFields) return false;
    const tail = origin.tails.get(record.severityNumber, record.severityText);
    if (tail === undefined) return false;
    this.severity = tail.severityNumber;
    this.#pairCount = tail.pairCount + 1;
    this.rest = this.#observedText;
    const fields = this.#encodeFields(record, tail.fields | OBSERVED_TIMESTAMP);
    if (fields < 0 || !this.#encodeAttributes(record.attributes, keys, fields)) return false;
    const metadata = this.rest + tail.text;
    if (metadata.length > MAX_SURE_METADATA_CHARACTERS || this.#pairCount > MAX_METADATA_PAIRS) return false;
    const line = bodyText(record.body);
    if (line.length > MAX_SURE_LINE_CHARACTERS) return false;
    this.rest = escapeJson(line) + metadata;
    return true;
  }

  #readTimes({ hrTime, hrTimeObserved }: ReadableLogRecord): boolean {
    const { time } = this;
    if (!time.isLast(hrTime) && !time.read(hrTime)) return false;
    if (!this.#observed.isLast(hrTimeObserved)) {
      if (!this.#observed.read(hrTimeObserved)) return false;
      this.#observedText = flatText(`",{"observed_timestamp":"${momentText(this.#observed)}`);
    }
    return time.millis >= this.#oldestMillis && time.millis <= this.#newestMillis;
  }

  /** Adds the record's rarer fields to `rest`; returns all fields it has, as bits, or -1. */
  #encodeFields(record: ReadableLogRecord, commonFields: number): number {
    const { droppedAttributesCount, spanContext, eventName } = record;
    let fields = commonFields;
    if (spanContext !== undefined) {
      if (spanContext !== this.#spanContext && !this.#readSpanContext(spanContext)) return -1;
      this.rest += this.#traceText;
      fields |= this.#traceFields;
      this.#pairCount += 3;
    }
    if (droppedAttributesCount !== 0) {
      if (!Number.isInteger(droppedAttributesCount)) return -1;
      this.rest += `","dropped_attributes_count":"${droppedAttributesCount}`;
      fields |= DROPPED_ATTRIBUTES_COUNT;
      this.#pairCount += 1;
    }
    if (eventName !== undefined && eventName !== '') {
      if (typeof eventName !== 'string') return -1;
      this.rest += `","event_name":"${escapeJson(eventName)}`;
      fields |= EVENT_NAME;
      this.#pairCount += 1;
    }
    return fields;
  }

  #readSpanContext(spanContext: unknown): boolean {
    const fields = traceFields(spanContext);
    if (!isRegular(fields)) return false;
    const { traceId, spanId, flags } = fields;
    const flagsText = flags === 0 ? '' : `","flags":"${flags}`;
    this.#traceText = `${flagsText}","trace_id":"${traceId}","span_id":"${spanId}`;
    this.#traceFields = TRACE_ID | SPAN_ID | (flags === 0 ? 0 : FLAGS);
    this.#spanContext = spanContext;
    return true;
  }

  /** Adds the attributes to `rest`. */
  #encodeAttributes(attributes: ReadableLogRecord['attributes'], keys: KeyTable, fields: number): boolean {
    if (typeof attributes !== 'object') return false;
    this.#stamp = (this.#stamp + 1) & MAX_STAMP;
    let text = this.rest;
    let previous: KeyPlan | undefined;
    let plan = keys.first;
    for (const key in attributes) {
      if (plan === undefined || plan.key !== key) {
        plan = keys.plan(key);
        if (plan === undefined) return false;
        if (previous === undefined) keys.first = plan;
        else previous.next = plan;
      }
      const pair = this.#encodeAttribute(attributes[key], plan, fields);
      if (pair === undefined) return false;
      text += pair;
      previous = plan;
      plan = plan.next;
    }
    this.rest = text;
    return true;
  }

  /** The pair of an attribute; empty where it has none, undefined where that takes a closer look. */
  #encodeAttribute(value: unknown, plan: KeyPlan, fields: number): string | undefined {
    const { use } = plan;
    // A second attribute of this name in this record: which one stays, and whether it is erased, takes a closer look.
    if (use.stamp === this.#stamp) return undefined;
    use.stamp = this.#stamp;
    const isOverruled = plan.isOverruled || (plan.builtinField & fields) !== 0;
    if (isOverruled || plan.isLabel) return isScalar(value) && (value !== '' || !isOverruled) ? '' : undefined;
    this.#pairCount += 1;
    if (typeof value === 'string') return value === '' ? '' : plan.fragments.ofText(value);
    if (typeof value === 'number') return plan.fragments.ofNumber(value);
    return typeof value === 'boolean' ? plan.fragments.ofBoolean(value) : undefined;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
