import { type PlainValue, wellFormed } from '@spillway/core';

type PlainMap = { [key: string]: PlainValue };

/** JSON longer than this is not finished: no field of a record takes more, and what is cut off would be truncated anyway. */
const MAX_JSON_CHARACTERS = 300_000;

const BASE64_CHUNK_BYTES = 0x6000;

/** Go's encoder escapes these although JSON does not ask for it. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;

/** Whether a value is a map in OTel's terms: an object that is neither bytes nor an array. */
export function isPlainMap(value: PlainValue): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/**
 * A value as Loki's OTLP endpoint makes it text: strings as they are, numbers as JavaScript writes them, null as
 * nothing, bytes as base64, arrays and maps as JSON with sorted keys.
 * @see https://github.com/open-telemetry/opentelemetry-collector/blob/main/pdata/pcommon/value.go (`AsString`; read 2026-11-21, as Loki vendors it)
 */
export function valueText(value: PlainValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  return value instanceof Uint8Array ? base64(value) : appendJson('', value);
}

function appendJson(text: string, value: PlainValue): string {
  if (text.length > MAX_JSON_CHARACTERS) return text;
  if (typeof value === 'string') return text + jsonString(value);
  if (typeof value === 'number') return text + jsonNumber(value);
  if (value === null || typeof value !== 'object') return text + String(value);
  if (value instanceof Uint8Array) return `${text}"${base64(value)}"`;
  return Array.isArray(value) ? appendJsonArray(text, value) : appendJsonMap(text, value);
}

function appendJsonArray(text: string, list: readonly PlainValue[]): string {
  let result = `${text}[`;
  let separator = '';
  for (const item of list) {
    result = appendJson(result + separator, item);
    separator = ',';
  }
  return `${result}]`;
}

function appendJsonMap(text: string, map: PlainMap): string {
  let result = `${text}{`;
  let separator = '';
  for (const key of Object.keys(map).toSorted(compareUtf8)) {
    result = appendJson(`${result}${separator}${jsonString(key)}:`, map[key] as PlainValue);
    separator = ',';
  }
  return `${result}}`;
}

function jsonString(text: string): string {
  return JSON.stringify(wellFormed(text.slice(0, MAX_JSON_CHARACTERS))).replace(
    LINE_SEPARATORS,
    (separator) => `\\u${separator.charCodeAt(0).toString(16)}`,
  );
}

/** JSON has no NaN: Loki stores nothing at all of a value that holds one, we its name. */
function jsonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** The order of the UTF-8 bytes: that of the code units, but surrogates come last. */
function compareUtf8(one: string, other: string): number {
  const left = wellFormed(one);
  const right = wellFormed(other);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = utf8Rank(left.charCodeAt(index)) - utf8Rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** In steps, because the arguments of one call are limited; a step is a multiple of three bytes, so that none is padded. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length && text.length <= MAX_JSON_CHARACTERS; start += BASE64_CHUNK_BYTES) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + BASE64_CHUNK_BYTES)));
  }
  return text;
}
