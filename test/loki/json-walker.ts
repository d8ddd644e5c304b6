import { decodeUtf8 } from './go-text.ts';

/** The kinds of value that Loki's second JSON parser tells apart. */
export type JsonKind = 'string' | 'number' | 'object' | 'array' | 'boolean' | 'null';

/** Texts of github.com/grafana/jsonparser; Loki answers with them. */
export const JSON_ERROR = {
  malformed: 'Malformed JSON error',
  string: "Value is string, but can't find closing '\"' symbol",
  array: "Value is array, but can't find closing ']' symbol",
  object: "Value looks like object, but can't find closing '}' symbol",
  value: "Value looks like Number/Boolean/None, but can't find its end: ',' or '}' symbol",
  unknown: 'Unknown value type',
  overflow: 'Value is number, but overflowed while parsing',
  escape: 'Encountered an invalid escape sequence in a string',
} as const;

/** One of the texts above, thrown where the original returns it. */
export class JsonWalkError extends Error {
  override readonly name = 'JsonWalkError';
}

/** Told the value's kind and where its text is; a string's quotes are not part of it. */
export type OnValue = (kind: JsonKind, start: number, end: number) => void;

const nextToken = (data: Buffer, from: number, end: number): number => {
  for (let index = from; index < end; index++) {
    const byte = data[index];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return index;
  }
  return -1;
};

/** The place after the closing quote, or -1. `from` is the first byte after the opening one. */
const stringEnd = (data: Buffer, from: number, end: number): number => {
  for (let quote = data.indexOf(0x22, from); quote !== -1 && quote < end; quote = data.indexOf(0x22, quote + 1)) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && data[quote - 1 - backslashes] === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
};

/** The place after the bracket that closes the one at `from`, or -1. The other kind of bracket is not looked at. */
const blockEnd = (data: Buffer, from: number, end: number, open: number, close: number): number => {
  let level = 0;
  for (let index = from; index < end; index++) {
    const byte = data[index];
    if (byte === 0x22) {
      const after = stringEnd(data, index + 1, end);
      if (after === -1) return -1;
      index = after - 1;
    } else if (byte === open) {
      level++;
    } else if (byte === close) {
      level--;
      if (level === 0) return index + 1;
    }
  }
  return -1;
};

const bareEnd = (data: Buffer, from: number, end: number): number => {
  for (let index = from; index < end; index++) {
    const byte = data[index] as number;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return index;
    if (byte === 0x2c || byte === 0x7d || byte === 0x5d) return index;
  }
  return end;
};

const bareKind = (text: string): JsonKind => {
  if (text === 'true' || text === 'false') return 'boolean';
  if (text === 'null') return 'null';
  if (/^[-0-9]/.test(text)) return 'number';
  throw new JsonWalkError(JSON_ERROR.unknown);
};

/** Reads the value at `from` and returns the place after it. */
const readValue = (data: Buffer, from: number, end: number, onValue: OnValue): number => {
  const start = nextToken(data, from, end);
  if (start === -1) throw new JsonWalkError(JSON_ERROR.malformed);
  const first = data[start];
  if (first === 0x22) {
    const after = stringEnd(data, start + 1, end);
    if (after === -1) throw new JsonWalkError(JSON_ERROR.string);
    onValue('string', start + 1, after - 1);
    return after;
  }
  if (first === 0x5b || first === 0x7b) {
    const isArray = first === 0x5b;
    const after = blockEnd(data, start, end, first, first + 2);
    if (after === -1) throw new JsonWalkError(isArray ? JSON_ERROR.array : JSON_ERROR.object);
    onValue(isArray ? 'array' : 'object', start, after);
    return after;
  }
  const after = bareEnd(data, start, end);
  onValue(bareKind(data.toString('latin1', start, after)), start, after);
  return after;
};

/** Calls `onValue` for each element. The opening bracket is not looked at: whatever stands there is passed over. */
export const eachElement = (data: Buffer, from: number, end: number, onValue: OnValue): void => {
  if (from === end) throw new JsonWalkError(JSON_ERROR.object);
  const open = nextToken(data, from, end);
  if (open === -1) throw new JsonWalkError(JSON_ERROR.malformed);
  let offset = nextToken(data, open + 1, end);
  if (offset === -1) throw new JsonWalkError(JSON_ERROR.malformed);
  if (data[offset] === 0x5d) return;
  for (;;) {
    offset = readValue(data, offset, end, onValue);
    offset = nextToken(data, offset, end);
    if (offset === -1) throw new JsonWalkError(JSON_ERROR.array);
    if (data[offset] === 0x5d) return;
    if (data[offset] !== 0x2c) throw new JsonWalkError(JSON_ERROR.array);
    offset++;
  }
};

const required = (offset: number, error: string): number => {
  if (offset === -1) throw new JsonWalkError(error);
  return offset;
};

/** Calls `onMember` for each key and its value. */
export const eachMember = (
  data: Buffer,
  from: number,
  end: number,
  onMember: (key: string, kind: JsonKind, start: number, end: number) => void,
): void => {
  let offset = required(nextToken(data, from, end), JSON_ERROR.object);
  if (data[offset] !== 0x7b) throw new JsonWalkError(JSON_ERROR.object);
  offset = required(nextToken(data, offset + 1, end), JSON_ERROR.malformed);
  while (data[offset] !== 0x7d) {
    if (data[offset] !== 0x22) throw new JsonWalkError(JSON_ERROR.object);
    const keyStart = offset + 1;
    const keyEnd = required(stringEnd(data, keyStart, end), JSON_ERROR.malformed);
    const key = unescapeJson(decodeUtf8(data, keyStart, keyEnd - 1));
    if (key === undefined) throw new JsonWalkError(JSON_ERROR.escape);
    offset = required(nextToken(data, keyEnd, end), JSON_ERROR.malformed);
    if (data[offset] !== 0x3a) throw new JsonWalkError(JSON_ERROR.malformed);
    offset = readValue(data, offset + 1, end, (kind, start, stop) => {
      onMember(key, kind, start, stop);
    });
    offset = required(nextToken(data, offset, end), JSON_ERROR.array);
    if (data[offset] === 0x7d) return;
    if (data[offset] !== 0x2c) throw new JsonWalkError(JSON_ERROR.object);
    offset = required(nextToken(data, offset + 1, end), JSON_ERROR.array);
  }
};

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const unitAt = (text: string, at: number): number | undefined => {
  const hex = text.slice(at + 2, at + 6);
  return /^[0-9a-fA-F]{4}$/.test(hex) ? Number.parseInt(hex, 16) : undefined;
};

/**
 * A string's text with its escapes resolved, or undefined where an escape is bad. A surrogate must be followed by another escape of
 * at least DC00 (the backslash and the u of which are not looked at); pairs that make no code point become U+FFFD.
 */
export const unescapeJson = (text: string): string | undefined => {
  let backslash = text.indexOf('\\');
  if (backslash === -1) return text;
  let result = '';
  let copied = 0;
  while (backslash !== -1) {
    result += text.slice(copied, backslash);
    const kind = text[backslash + 1] ?? '';
    const simple = ESCAPES[kind];
    if (simple !== undefined) {
      result += simple;
      copied = backslash + 2;
    } else {
      const unit = kind === 'u' ? unitAt(text, backslash) : undefined;
      if (unit === undefined) return undefined;
      copied = backslash + 6;
      if (unit < 0xd800 || unit > 0xdfff) {
        result += String.fromCharCode(unit);
      } else {
        const second = unitAt(text, copied);
        if (second === undefined || second < 0xdc00) return undefined;
        const point = 0x10000 + (unit - 0xd800) * 0x400 + (second - 0xdc00);
        result += point > 0x10ffff ? '�' : String.fromCodePoint(point);
        copied += 6;
      }
    }
    backslash = text.indexOf('\\', copied);
  }
  return result + text.slice(copied);
};
