import { toPlainValue } from '@spillway/core';
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
import { momentText } from './record-time.ts';
import { TimeReader } from './time-reader.ts';
import { areRegularIds, flagsOf } from './trace-fields.ts';
import { isPlainMap, valueText } from './value-text.ts';

/** Metadata of at most this many UTF-16 units is within Loki's limit, whatever its characters. */
const MAX_SURE_METADATA_CHARACTERS = Math.floor(MAX_METADATA_BYTES / 3);

const MAX_STAMP = 0x3fff_ffff;

/**
 * Encodes records that need no repair, which is nearly all of them, from texts prepared per origin, severity, attribute
 * and value. What it leaves in its fields is valid until the next record. A record that it cannot encode exactly as
 * `encodeCarefully` would is left to that.
 */
export class FastRecord {
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
  /** Metadata of the record, as far as it is written; its last value is still open. */
  #text = '';
  #pairCount = 0;

  startBatch(nowMillis: number): void {
    this.#oldestMillis = nowMillis - MAX_AGE_MILLIS;
    this.#newestMillis = nowMillis + MAX_AHEAD_MILLIS;
  }

  /** The line and all that follows it, up to the end of the record; undefined where it takes a closer look. May throw where the record does. */
  encode(record: ReadableLogRecord, origin: Origin, keys: KeyTable): string | undefined {
    if (!this.#readTimes(record) || origin.overrulesFields) return undefined;
    const tail = origin.tails.get(record.severityNumber, record.severityText);
    if (tail === undefined) return undefined;
    const line = bodyText(record.body);
    if (line.length > MAX_SURE_LINE_CHARACTERS) return undefined;
    this.severity = tail.severityNumber;
    this.#pairCount = tail.pairCount + 1;
    const fields = this.#encodeFields(record, tail.fields | OBSERVED_TIMESTAMP);
    if (fields < 0) return undefined;
    const metadata = this.#encodeAttributes(record.attributes, keys, fields);
    if (metadata === undefined) return undefined;
    const isSurelySmall = metadata.length + tail.text.length <= MAX_SURE_METADATA_CHARACTERS;
    if (!isSurelySmall || this.#pairCount > MAX_METADATA_PAIRS) return undefined;
    return escapeJson(line) + metadata + tail.text;
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

  /** Begins `#text` with the record's rarer fields; returns all fields it has, as bits, or -1. */
  #encodeFields(record: ReadableLogRecord, commonFields: number): number {
    const { droppedAttributesCount, spanContext, eventName } = record;
    let fields = commonFields;
    this.#text = this.#observedText;
    if (spanContext !== undefined) {
      if (spanContext !== this.#spanContext) {
        this.#spanContext = undefined;
        if (!this.#readSpanContext(spanContext)) return -1;
        this.#spanContext = spanContext;
      }
      this.#text += this.#traceText;
      fields |= this.#traceFields;
      this.#pairCount += 3;
    }
    if (droppedAttributesCount !== 0) {
      if (!Number.isInteger(droppedAttributesCount)) return -1;
      this.#text += `","dropped_attributes_count":"${droppedAttributesCount}`;
      fields |= DROPPED_ATTRIBUTES_COUNT;
      this.#pairCount += 1;
    }
    if (eventName !== undefined && eventName !== '') {
      if (typeof eventName !== 'string') return -1;
      this.#text += `","event_name":"${escapeJson(eventName)}`;
      fields |= EVENT_NAME;
      this.#pairCount += 1;
    }
    return fields;
  }

  #readSpanContext({ traceId, spanId, traceFlags }: NonNullable<ReadableLogRecord['spanContext']>): boolean {
    if (!areRegularIds(traceId, spanId)) return false;
    const flags = flagsOf(traceFlags);
    const flagsText = flags === 0 ? '' : `","flags":"${flags}`;
    this.#traceText = `${flagsText}","trace_id":"${traceId}","span_id":"${spanId}`;
    this.#traceFields = TRACE_ID | SPAN_ID | (flags === 0 ? 0 : FLAGS);
    return true;
  }

  /** `#text` with the attributes. */
  #encodeAttributes(attributes: ReadableLogRecord['attributes'], keys: KeyTable, fields: number): string | undefined {
    if (typeof attributes !== 'object') return undefined;
    this.#stamp = (this.#stamp + 1) & MAX_STAMP;
    let text = this.#text;
    let previous: KeyPlan | undefined;
    let plan = keys.first;
    for (const key in attributes) {
      if (plan === undefined || plan.key !== key) {
        plan = keys.plan(key);
        if (plan === undefined) return undefined;
        if (previous === undefined) keys.first = plan;
        else previous.next = plan;
      }
      const value = attributes[key];
      const longer = isScalar(value)
        ? this.#addScalar(text, value, plan, fields)
        : this.#addOther(text, value, plan, fields, keys);
      if (longer === undefined) return undefined;
      text = longer;
      previous = plan;
      plan = plan.next;
    }
    return text;
  }

  /** `text` with the pair of an attribute, if it has one; undefined where that takes a closer look. */
  #addScalar(text: string, value: Scalar, plan: KeyPlan, fields: number): string | undefined {
    const { use, fragments } = plan;
    // A second attribute of this name in this record: which one stays, and whether it is erased, takes a closer look.
    if (use.stamp === this.#stamp) return undefined;
    use.stamp = this.#stamp;
    const isOverruled = plan.isOverruled || (plan.builtinField & fields) !== 0;
    if (value === '') return isOverruled ? undefined : text;
    if (isOverruled || plan.isLabel) return text;
    this.#pairCount += 1;
    if (typeof value === 'string') return fragments.appendText(text, value);
    return text + (typeof value === 'number' ? fragments.ofNumber(value) : fragments.ofBoolean(value));
  }

  /** As {@link #addScalar}, for lists, bytes, and all else that is one text, and for maps, which are a pair for each leaf. */
  #addOther(text: string, value: unknown, plan: KeyPlan, fields: number, keys: KeyTable): string | undefined {
    if (value === undefined) return text;
    if (plan.isLabel) return undefined;
    const plain = toPlainValue(value);
    if (!isPlainMap(plain)) return this.#addScalar(text, valueText(plain), plan, fields);
    if (plan.builtinField !== 0) return undefined;
    let longer: string | undefined = text;
    for (const key of Object.keys(plain)) {
      const child = plain[key];
      const childPlan = keys.plan(`${plan.name}_${key}`);
      if (childPlan === undefined || childPlan.isLabel) return undefined;
      longer = isScalar(child)
        ? this.#addScalar(longer, child, childPlan, fields)
        : this.#addOther(longer, child, childPlan, fields, keys);
      if (longer === undefined) return undefined;
    }
    return longer;
  }
}

type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
