import { isDigit, skipNumber, skipZero } from './json-numbers.ts';
import { byteText, type JsonReader } from './json-reader.ts';
import { QUOTE, skipLiteral, skipQuoted, skipString } from './json-strings.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Passes over one value of any kind. What is open is kept in a list, as nesting may be deeper than the stack. */
export const skipValue = (reader: JsonReader): void => {
  const closers: number[] = [];
  let isFollowed: boolean;
  do {
    const token = reader.nextToken();
    if (token === OPEN_ARRAY) isFollowed = openArray(reader, closers);
    else if (token === OPEN_OBJECT) isFollowed = openObject(reader, closers);
    else isFollowed = skipScalar(reader, token);
    isFollowed ||= isFollowedByValue(reader, closers);
  } while (isFollowed && reader.error === undefined);
};

const skipScalar = (reader: JsonReader, token: number): false => {
  if (token === QUOTE) skipString(reader);
  else if (token === 0x6e) skipLiteral(reader, 'ull');
  else if (token === 0x74) skipLiteral(reader, 'rue');
  else if (token === 0x66) skipLiteral(reader, 'alse', 'skipFourBytes');
  else if (token === 0x30) skipZero(reader);
  else if (token === 0x2d || isDigit(token)) skipNumber(reader);
  else reader.fail('Skip', `do not know how to skip: ${token}`);
  return false;
};

/** True where an element follows. */
const openArray = (reader: JsonReader, closers: number[]): boolean => {
  if (!reader.enter()) return false;
  if (reader.nextToken() === CLOSE_ARRAY) {
    reader.leave();
    return false;
  }
  reader.unread();
  closers.push(CLOSE_ARRAY);
  return true;
};

/** True where a member's value follows. */
const openObject = (reader: JsonReader, closers: number[]): boolean => {
  if (!reader.enter()) return false;
  const token = reader.nextToken();
  if (token !== QUOTE) {
    if (token !== CLOSE_OBJECT) reader.fail('ReadObjectCB', `expect " after {, but found ${byteText(token)}`);
    reader.leave();
    return false;
  }
  reader.unread();
  skipKey(reader);
  closers.push(CLOSE_OBJECT);
  return true;
};

const skipKey = (reader: JsonReader): void => {
  skipQuoted(reader);
  const token = reader.nextToken();
  if (token !== COLON) reader.fail('ReadObject', `expect : after object field, but found ${byteText(token)}`);
};

/** Reads on behind a value and closes what ends there. True where another value follows. */
const isFollowedByValue = (reader: JsonReader, closers: number[]): boolean => {
  for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
    const token = reader.nextToken();
    if (token === COMMA) {
      if (closer === CLOSE_OBJECT) skipKey(reader);
      return true;
    }
    closers.pop();
    reader.leave();
    if (token === closer) continue;
    if (closer === CLOSE_OBJECT) reader.fail('ReadObjectCB', 'object not ended with }');
    else reader.fail('ReadArrayCB', `expect ] in the end, but found ${byteText(token)}`);
  }
  return false;
};
