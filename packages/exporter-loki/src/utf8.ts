import { isSurrogatePair } from '@spillway/core';

/** The longest beginning of a text that fits into `maxBytes` of UTF-8; no code point is cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair = isSurrogatePair(text, index);
    if (isPair) bytes += 4;
    else if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 ? 2 : 3;
    if (bytes > maxBytes) return text.slice(0, index);
    if (isPair) index += 1;
  }
  return text;
}
