/** A text without lone surrogates, each replaced by U+FFFD: Loki refuses a whole request for one of them. */
export function wellFormed(text: string): string {
  // In every runtime this package supports, but not in the `lib` of ES2023.
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

/** Bytes of a text in UTF-8; a lone surrogate counts as the U+FFFD it will become. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // The second half of a pair adds nothing: four bytes for two units.
    if (isPairAt(text, index)) index += 1;
  }
  return bytes;
}

/** The longest beginning of a text that fits into `maxBytes` of UTF-8; no code point is cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair = isPairAt(text, index);
    if (isPair) bytes += 4;
    else if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 ? 2 : 3;
    if (bytes > maxBytes) return text.slice(0, index);
    if (isPair) index += 1;
  }
  return text;
}

function isPairAt(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff || index + 1 >= text.length) return false;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
