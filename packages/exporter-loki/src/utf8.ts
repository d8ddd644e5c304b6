import { utf8Encoder } from '@spillway/core';

/** The longest beginning of a text that fits into `maxBytes` of UTF-8; no code point is cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  return text.slice(0, utf8Encoder.encodeInto(text, new Uint8Array(maxBytes)).read);
}
