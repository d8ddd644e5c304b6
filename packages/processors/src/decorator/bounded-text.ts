import { cutText, toPlainValue } from '@spillway/core';

/** Any value as the beginning of its text: a text itself, anything else as JSON. Never throws. */
export function boundedText(value: unknown, maxCharacters: number): string {
  const plain = toPlainValue(value);
  return cutText(typeof plain === 'string' ? plain : JSON.stringify(plain, bytesAsSize), maxCharacters);
}

/** A megabyte of bytes would become ten of JSON. */
function bytesAsSize(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `[${value.length} bytes]` : value;
}
