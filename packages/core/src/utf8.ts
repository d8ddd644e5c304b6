/** It has no state. */
export const utf8Encoder: TextEncoder = /* @__PURE__ */ new TextEncoder();
const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of a text in UTF-8; a lone surrogate counts as the U+FFFD it will become. */
export function utf8Bytes(text: string): number {
  return utf8Encoder.encode(text).byteLength;
}

/** Whether two UTF-16 units from here on are one code point. */
export function isSurrogatePair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff || index + 1 >= text.length) return false;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** The beginning of a text, at most so many UTF-16 units of it; a character outside the first plane is kept whole or left out. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  return text.slice(0, isSurrogatePair(text, maxUnits - 1) ? maxUnits - 1 : maxUnits);
}

/** A copy, because a part of a longer text keeps all of that in memory. Lone surrogates become U+FFFD. */
export function ownText(text: string): string {
  return DECODER.decode(utf8Encoder.encode(text));
}

/** A text without lone surrogates, each replaced by U+FFFD: Loki and Prometheus refuse a whole request for one of them. */
export function wellFormed(text: string): string {
  // In every runtime that is supported, but not in the `lib` of ES2023.
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
