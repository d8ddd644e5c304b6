import { toPlainValue, wellFormed } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { attributePairs } from './attribute-pairs.ts';
import { bodyText } from './body-text.ts';
import { MAX_LINE_BYTES } from './loki-limits.ts';
import { fitMetadata } from './metadata-limits.ts';
import type { Origin } from './origin.ts';
import { RECORD_END } from './push-body.ts';
import { readField } from './read-field.ts';
import { momentText, type RecordTime, recordTime } from './record-time.ts';
import { StructuredMetadata } from './structured-metadata.ts';
import { traceFields } from './trace-fields.ts';
import { truncateUtf8 } from './utf8.ts';
import { valueText } from './value-text.ts';

/** Metadata that says in which way a record is not what the application emitted. */
const ORIGINAL_TIMESTAMP = 'original_timestamp';
const TRUNCATED = 'spillway_truncated';
const OMITTED_METADATA = 'spillway_omitted_metadata';

export interface CarefulRecord {
  readonly time: RecordTime;
  /** The line and all that follows it, up to the end of the record. */
  readonly rest: string;
}

/**
 * Encodes any record: what Loki would refuse is repaired, and what was repaired is marked. Each field is read by itself,
 * so that one that throws costs itself only.
 */
export function encodeCarefully(
  record: ReadableLogRecord,
  origin: Origin,
  labelKeys: ReadonlySet<string>,
  nowMillis: number,
): CarefulRecord {
  const time = recordTime(readField(record, 'hrTime'), readField(record, 'hrTimeObserved'), nowMillis);
  const metadata = new StructuredMetadata();
  const eventName = textOf(record, 'eventName');
  addAttributes(metadata, record, labelKeys, eventName);
  addFields(metadata, record, time, eventName);
  metadata.setAll(origin.metadata);
  if (time.original !== undefined) metadata.set(ORIGINAL_TIMESTAMP, momentText(time.original), 'mark');
  const text = bodyText(readField(record, 'body'));
  const line = truncateUtf8(text, MAX_LINE_BYTES);
  const isTruncated = line.length < text.length;
  if (isTruncated) metadata.set(TRUNCATED, 'line', 'mark');
  return { time, rest: `${quote(line).slice(1)}${metadataText(metadata, isTruncated)}]${RECORD_END}` };
}

function addAttributes(
  metadata: StructuredMetadata,
  record: ReadableLogRecord,
  labelKeys: ReadonlySet<string>,
  eventName: string,
): void {
  const isSkipped = (key: string): boolean => labelKeys.has(key) || (key === 'event_name' && eventName !== '');
  attributePairs(readField(record, 'attributes'), (name, value) => metadata.set(name, value, 'log'), isSkipped);
}

/** The order is Loki's own; it decides nothing, because no two fields have the same name. */
function addFields(metadata: StructuredMetadata, record: ReadableLogRecord, time: RecordTime, eventName: string): void {
  const { traceId, spanId, flags } = traceFields(readField(record, 'spanContext'));
  const fields: readonly [name: string, value: string][] = [
    ['observed_timestamp', time.observed === undefined ? '' : momentText(time.observed)],
    ['severity_number', countText(record, 'severityNumber')],
    ['severity_text', textOf(record, 'severityText')],
    ['dropped_attributes_count', countText(record, 'droppedAttributesCount')],
    ['flags', flags === 0 ? '' : String(flags)],
    ['trace_id', traceId],
    ['span_id', spanId],
    ['event_name', eventName],
  ];
  for (const [name, value] of fields) if (value !== '') metadata.set(name, value, 'builtin');
}

/** The metadata of a record as the rest of its array, with marks for what did not fit; nothing where there is none. */
function metadataText(metadata: StructuredMetadata, isLineTruncated: boolean): string {
  const fitted = fitMetadata(metadata.pairs());
  const pairs = new Map(fitted.pairs.map(({ name, value }) => [name, value]));
  if (fitted.isTruncated) pairs.set(TRUNCATED, isLineTruncated ? 'line,metadata' : 'metadata');
  if (fitted.omittedCount > 0) pairs.set(OMITTED_METADATA, String(fitted.omittedCount));
  if (pairs.size === 0) return '';
  return `,{${[...pairs].map(([name, value]) => `"${name}":${quote(value)}`).join(',')}}`;
}

function quote(text: string): string {
  return JSON.stringify(wellFormed(text));
}

function textOf(record: ReadableLogRecord, field: 'eventName' | 'severityText'): string {
  return valueText(toPlainValue(readField(record, field)));
}

function countText(record: ReadableLogRecord, field: 'severityNumber' | 'droppedAttributesCount'): string {
  const count = readField(record, field);
  return typeof count === 'number' && Number.isFinite(count) && count !== 0 ? String(count) : '';
}
