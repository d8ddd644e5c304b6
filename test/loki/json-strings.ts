import { byteText, type JsonReader } from './json-reader.ts';

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const isHexDigit = (byte: number): boolean => /[0-9a-fA-F]/.test(byteText(byte));

/** The rest of `null` or `true`, whose first letter was read. */
export const skipLiteral = (reader: JsonReader, rest: string, operation = 'skipThreeBytes'): void => {
  for (let index = 0; index < rest.length; index++) {
    if (reader.readByte() === rest.charCodeAt(index)) continue;
    reader.fail(operation, `expect ${rest}`);
    return;
  }
};

/** Passes over a string whose opening quote was read. */
export const skipString = (reader: JsonReader): void => {
  if (endsPlainly(reader, 'trySkipString')) return;
  reader.unread();
  skipQuoted(reader);
};

/** Passes over a string, or `null`. */
export const skipQuoted = (reader: JsonReader): void => {
  const token = reader.nextToken();
  if (token === 0x6e) skipLiteral(reader, 'ull');
  else if (token !== QUOTE) reader.fail('ReadString', `expects " or n, but found ${byteText(token)}`);
  else if (!endsPlainly(reader, 'ReadString')) skipEscaped(reader);
};

/** A field's name in lower case, as names are matched without case. Undefined where it is no name. */
export const readFieldName = (reader: JsonReader): string | undefined => {
  const token = reader.nextToken();
  if (token !== QUOTE) {
    reader.fail('readFieldHash', `expect ", but found ${byteText(token)}`);
    return undefined;
  }
  const start = reader.position;
  if (!skipName(reader)) {
    reader.fail('readFieldHash', 'incomplete field name');
    return undefined;
  }
  const quoted = reader.data.toString('utf8', start - 1, reader.position);
  const colon = reader.nextToken();
  if (colon !== COLON) {
    reader.fail('readFieldHash', `expect :, but found ${byteText(colon)}`);
    return undefined;
  }
  try {
    return String(JSON.parse(quoted)).toLowerCase();
  } catch {
    return undefined;
  }
};

const skipName = (reader: JsonReader): boolean => {
  do {
    for (let index = reader.position; index < reader.windowEnd; index++) {
      const byte = reader.data[index];
      if (byte !== QUOTE && byte !== BACKSLASH) continue;
      reader.position = byte === QUOTE ? index + 1 : index;
      if (byte === BACKSLASH) skipEscaped(reader);
      return true;
    }
  } while (reader.loadMore());
  return false;
};

/**
 * Whether nothing more is to be read: the string ends inside the window and has no backslash. Only such a string is searched for control
 * characters; any other may hold them.
 */
const endsPlainly = (reader: JsonReader, operation: string): boolean => {
  for (let index = reader.position; index < reader.windowEnd; index++) {
    const byte = reader.data[index] as number;
    if (byte === BACKSLASH) return false;
    if (byte === QUOTE) {
      reader.position = index + 1;
      return true;
    }
    if (byte < 0x20) {
      reader.fail(operation, `invalid control character found: ${byte}`);
      return true;
    }
  }
  return false;
};

const skipEscaped = (reader: JsonReader): void => {
  while (!reader.hasStopped) {
    const byte = reader.readByte();
    if (byte === QUOTE) return;
    if (byte === BACKSLASH) skipEscape(reader, reader.readByte());
  }
  reader.fail('readStringSlowPath', 'unexpected end of input');
};

/** Only what can go wrong matters here: the text itself is decoded elsewhere. */
const skipEscape = (reader: JsonReader, kind: number): void => {
  if (kind === 0x75) skipUnicodeEscape(reader);
  else if (!'"\\/bfnrt'.includes(byteText(kind))) reader.fail('readEscapedChar', 'invalid escape char after \\');
};

const skipUnicodeEscape = (reader: JsonReader): void => {
  const unit = readHex4(reader);
  if (unit < 0xd800 || unit > 0xdfff) return;
  const next = reader.readByte();
  if (reader.hasStopped) return;
  if (next !== BACKSLASH) {
    reader.unread();
    return;
  }
  const kind = reader.readByte();
  if (reader.hasStopped) return;
  if (kind === 0x75) readHex4(reader);
  else skipEscape(reader, kind);
};

const readHex4 = (reader: JsonReader): number => {
  let digits = '';
  while (digits.length < 4) {
    const byte = reader.readByte();
    if (reader.hasStopped) return 0;
    if (!isHexDigit(byte)) {
      reader.fail('readU4', `expects 0~9 or a~f, but found ${byteText(byte)}`);
      return 0;
    }
    digits += byteText(byte);
  }
  return Number.parseInt(digits, 16);
};
