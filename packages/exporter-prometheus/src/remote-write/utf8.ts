const encoder = new TextEncoder();

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

/** Writes a text that has `bytes` in UTF-8. Labels are short and nearly always ASCII, where a loop is several times as fast. */
export function writeUtf8(target: Uint8Array, at: number, text: string, bytes: number): void {
  if (bytes !== text.length) encoder.encodeInto(text, target.subarray(at, at + bytes));
  else for (let index = 0; index < bytes; index += 1) target[at + index] = text.charCodeAt(index);
}

function isPairAt(text: string, index: number): boolean {
  const low = text.charCodeAt(index + 1);
  return isHighSurrogate(text.charCodeAt(index)) && low >= 0xdc00 && low <= 0xdfff;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
