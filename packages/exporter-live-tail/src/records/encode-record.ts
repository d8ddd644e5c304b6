import { cutText, wellFormed } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { encodeTable, encodeValue, type EncodedValue } from './table-json.ts';

/** Names are short: what is longer is none, and is cut. */
const MAX_NAME_UNITS = 256;
/** Parts of a record's bytes: the most that a resource gets, and a body beside attributes that are large as well. */
const RESOURCE_SHARE = 0.25;
const BODY_SHARE = 0.75;
/** Names of the fields, the offset, and what else is between the parts. */
const FRAME_BYTES = 128;
const NANOS_PER_MICRO = 1000;
const NOTHING: EncodedValue = { json: '', isCut: false };

const TRACE_ID = /^(?!0+$)[\da-f]{32}$/i;
const SPAN_ID = /^(?!0+$)[\da-f]{16}$/i;

/** Writes records as the protocol has them, all but their offset. */
export class RecordEncoder {
  readonly #maxBytes: number;
  /** Records of one provider share the object. */
  readonly #resources = new WeakMap<object, EncodedValue>();

  /** @param maxBytes of a record; larger ones are cut */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The fields of a JSON object, without its opening brace.
   * @throws what a getter of the record throws
   */
  encode(record: ReadableLogRecord, nowMillis: number): string {
    const resource = this.#encodeResource(record.resource);
    const head = headFields(record, nowMillis);
    const leftBytes = this.#maxBytes - Buffer.byteLength(head) - Buffer.byteLength(resource.json) - FRAME_BYTES;
    let [body, attributes] = encodeContents(record, leftBytes, leftBytes);
    // A large body leaves the attributes their part, but only where they need it.
    if (attributes.isCut) [body, attributes] = encodeContents(record, leftBytes * BODY_SHARE, leftBytes);
    const isCut = resource.isCut || body.isCut || attributes.isCut;
    const bodyField = body.json === '' ? '' : `,"body":${body.json}`;
    const mark = isCut ? ',"truncated":true' : '';
    return `${head}${bodyField},"attributes":${attributes.json},"resource":${resource.json}${mark}}`;
  }

  #encodeResource(resource: ReadableLogRecord['resource'] | null | undefined): EncodedValue {
    if (typeof resource !== 'object' || resource === null) return encodeTable(undefined, 0);
    const cached = this.#resources.get(resource);
    if (cached !== undefined) return cached;
    const encoded = encodeTable(resource.attributes, this.#maxBytes * RESOURCE_SHARE);
    // What a detector finds out asynchronously is added later.
    if (resource.asyncAttributesPending !== true) this.#resources.set(resource, encoded);
    return encoded;
  }
}

function encodeContents(
  { body, attributes }: ReadableLogRecord,
  bodyBytes: number,
  leftBytes: number,
): [body: EncodedValue, attributes: EncodedValue] {
  const encoded = body === undefined ? NOTHING : encodeValue(body, bodyBytes);
  return [encoded, encodeTable(attributes, leftBytes - Buffer.byteLength(encoded.json))];
}

function headFields(record: ReadableLogRecord, nowMillis: number): string {
  const { severityNumber, severityText, eventName, instrumentationScope: scope, spanContext } = record;
  // An enum by its type, anything by what is logged.
  const severity: unknown = severityNumber;
  const isSpecified = typeof severity === 'number' && severity > 0 && Number.isFinite(severity);
  return [
    `"time":${timeMillis(record, nowMillis)}`,
    ...(isSpecified ? [`"severityNumber":${severityNumber}`] : []),
    ...nameField('severityText', severityText),
    ...nameField('eventName', eventName),
    `"scope":${nameJson(scope?.name)}`,
    ...nameField('scopeVersion', scope?.version),
    ...idField('traceId', spanContext?.traceId, TRACE_ID),
    ...idField('spanId', spanContext?.spanId, SPAN_ID),
  ].join(',');
}

function nameField(field: string, name: unknown): string[] {
  return typeof name === 'string' && name !== '' ? [`"${field}":${nameJson(name)}`] : [];
}

function nameJson(name: unknown): string {
  return JSON.stringify(typeof name === 'string' ? wellFormed(cutText(name, MAX_NAME_UNITS)) : '');
}

function idField(field: string, id: unknown, form: RegExp): string[] {
  return typeof id === 'string' && form.test(id) ? [`"${field}":"${id}"`] : [];
}

/** When it happened, else when it was observed, else now: in milliseconds, to the microsecond. */
function timeMillis({ hrTime, hrTimeObserved }: ReadableLogRecord, nowMillis: number): number {
  return millisOf(hrTime) ?? millisOf(hrTimeObserved) ?? nowMillis;
}

function millisOf(hrTime: unknown): number | undefined {
  if (!Array.isArray(hrTime)) return undefined;
  const [seconds, nanos] = hrTime as unknown[];
  if (typeof seconds !== 'number' || typeof nanos !== 'number') return undefined;
  const millis = seconds * 1000 + Math.floor(nanos / NANOS_PER_MICRO) / 1000;
  // Zero is how OTel says "not set".
  return millis > 0 && Number.isFinite(millis) ? millis : undefined;
}
