const encoder = new TextEncoder();

/** Writes a text that has `bytes` in UTF-8. Labels are short and nearly always ASCII, where a loop is several times as fast. */
export function writeUtf8(target: Uint8Array, at: number, text: string, bytes: number): void {
  if (bytes !== text.length) encoder.encodeInto(text, target.subarray(at, at + bytes));
  else for (let index = 0; index < bytes; index += 1) target[at + index] = text.charCodeAt(index);
}
