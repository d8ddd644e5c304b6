import { toPlainValue } from '@spillway/core';

const FIRST_HIGH_SURROGATE = 0xd800;
const LAST_HIGH_SURROGATE = 0xdbff;

/** The beginning of a text, at most so many UTF-16 units of it; a character outside the first plane is kept whole or left out. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const lastUnit = text.charCodeAt(maxCharacters - 1);
  const endsInPair = lastUnit >= FIRST_HIGH_SURROGATE && lastUnit <= LAST_HIGH_SURROGATE;
  return text.slice(0, endsInPair ? maxCharacters - 1 : maxCharacters);
}

/** Any value as the beginning of its text: a text itself, anything else as JSON. Never throws. */
export function boundedText(value: unknown, maxCharacters: number): string {
  const plain = toPlainValue(value);
  return cutText(typeof plain === 'string' ? plain : JSON.stringify(plain, bytesAsSize), maxCharacters);
}

/** A megabyte of bytes would become ten of JSON. */
function bytesAsSize(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `[${value.length} bytes]` : value;
}
