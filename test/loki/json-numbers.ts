import { byteText, type JsonReader } from './json-reader.ts';

const DOT = 0x2e;
const MINUS = 0x2d;

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isEnd = (byte: number): boolean => ' \t\n\r,]}'.includes(byteText(byte));
const isNumberByte = (byte: number): boolean => '+-.0123456789eE'.includes(byteText(byte));

/** Passes over a number whose first digit was read and is 0. */
export const skipZero = (reader: JsonReader): void => {
  reader.unread();
  checkNumber(reader, 'readFloat32');
};

/** Passes over a number whose first character, a minus or a digit other than 0, was read. */
export const skipNumber = (reader: JsonReader): void => {
  if (isPlain(reader)) return;
  reader.unread();
  if (reader.error !== undefined) return;
  if (reader.nextToken() !== MINUS) reader.unread();
  checkNumber(reader, 'readFloat64');
  if (reader.error === undefined) return;
  // Whatever failed is tried once more as a number of any size, from where the first try stopped.
  reader.forgive();
  readNumberText(reader);
};

/** Whether nothing more is to be read: the number ends inside the window, or is plainly wrong. */
const isPlain = (reader: JsonReader): boolean => {
  let dots = 0;
  for (let index = reader.position; index < reader.windowEnd; index++) {
    const byte = reader.data[index] as number;
    if (isDigit(byte)) continue;
    if (byte !== DOT) {
      if (!isEnd(byte) || index === reader.position) return false;
      reader.position = index;
      return true;
    }
    if (dots > 0) {
      reader.fail('validateNumber', 'more than one dot found in number');
      return true;
    }
    if (index + 1 === reader.windowEnd) return false;
    if (!isDigit(reader.data[index + 1] as number)) {
      reader.fail('validateNumber', 'missing digit after dot');
      return true;
    }
    dots++;
  }
  return false;
};

const checkNumber = (reader: JsonReader, operation: 'readFloat32' | 'readFloat64'): void => {
  const held = (ahead: number): number =>
    reader.position + ahead < reader.windowEnd ? (reader.data[reader.position + ahead] as number) : 0;
  const first = held(0);
  if (first !== 0x0d && isEnd(first)) reader.fail(operation, 'empty number');
  else if (first === DOT) reader.fail(operation, 'leading dot is invalid');
  else if (first === 0x30 && isDigit(held(1))) reader.fail(operation, 'leading zero is invalid');
  else checkNumberText(reader, `${operation}SlowPath`);
};

const checkNumberText = (reader: JsonReader, operation: string): void => {
  const text = readNumberText(reader);
  if (reader.error !== undefined) return;
  const dot = text.indexOf('.');
  if (text.startsWith('-')) reader.fail(operation, '-- is not valid');
  else if (dot !== -1 && dot === text.length - 1) reader.fail(operation, 'dot can not be last character');
  else if (dot !== -1 && !isDigit(text.charCodeAt(dot + 1))) reader.fail(operation, 'missing digit after dot');
  else if (!/^\+?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) failToParse(reader, text, 'invalid syntax');
  else if (!Number.isFinite(Number(text))) failToParse(reader, text, 'value out of range');
};

const failToParse = (reader: JsonReader, text: string, reason: string): void => {
  reader.failPlainly(`strconv.ParseFloat: parsing "${text}": ${reason}`);
};

/** At the end of the input the reader stays where the number began, or where the last window did. */
const readNumberText = (reader: JsonReader): string => {
  let text = '';
  do {
    let end = reader.position;
    while (end < reader.windowEnd && isNumberByte(reader.data[end] as number)) end++;
    text += reader.data.toString('latin1', reader.position, end);
    if (end < reader.windowEnd) {
      reader.position = end;
      break;
    }
  } while (reader.loadMore());
  if (text === '') reader.fail('readNumberAsString', 'invalid number');
  return text;
};
