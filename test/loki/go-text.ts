import { isUtf8 } from 'node:buffer';

/** Texts as Go formats them, since they stand in what Loki answers. */

const NANOS_PER_SECOND = 1_000_000_000n;

/** The instant of Go's zero `time.Time`, 0001-01-01T00:00:00Z, in nanoseconds since 1970. */
export const GO_ZERO_TIME: bigint = -62_135_596_800n * NANOS_PER_SECOND;

const floorSeconds = (timeNanos: bigint): bigint => {
  const seconds = timeNanos / NANOS_PER_SECOND;
  return timeNanos % NANOS_PER_SECOND < 0n ? seconds - 1n : seconds;
};

/** `2026-11-21T00:49:05Z`: seconds, whatever the time's precision (Go's `time.RFC3339`). */
export const rfc3339 = (timeNanos: bigint): string => {
  const iso = new Date(Number(floorSeconds(timeNanos)) * 1000).toISOString();
  return `${iso.slice(0, iso.indexOf('.')).replace(/^\+0*(?=\d{4})/, '')}Z`;
};

/** `2026-11-20 23:49:05.922 +0000 UTC`: what `time.Time` prints. */
export const goTime = (timeNanos: bigint): string => {
  const nanos = timeNanos - floorSeconds(timeNanos) * NANOS_PER_SECOND;
  const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${rfc3339(timeNanos).replace('T', ' ').replace('Z', '')}${fraction} +0000 UTC`;
};

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** What Go counts as printable: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const PLAIN = /^[ !#-[\]-~]*$/;

const escapeChar = (char: string, quote: string): string => {
  if (char === quote) return `\\${quote}`;
  const short = SHORT_ESCAPES[char];
  if (short !== undefined) return short;
  if (PRINTABLE.test(char)) return char;
  const point = char.codePointAt(0) as number;
  if (point < 0x20 || point === 0x7f) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
};

/** A string in double quotes (`%q`). */
export const quoteGo = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : `"${Array.from(text, (char) => escapeChar(char, '"')).join('')}"`;

/** A character in single quotes (`%q` of a rune). */
export const quoteGoRune = (char: string): string => `'${escapeChar(char, "'")}'`;

/** `3MB`: the largest binary unit that divides the size without a rest. */
export const goByteSize = (bytes: number): string => {
  if (bytes === 0) return '0B';
  let value = bytes;
  let unit = 0;
  while (value % 1024 === 0 && unit < 6) {
    value /= 1024;
    unit++;
  }
  return `${value}${['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'][unit]}`;
};

/** Go's order of strings: by bytes of UTF-8, in which surrogates come after U+FFFF. */
export const compareUtf8 = (a: string, b: string): number => {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let index = 0;
  while (index < shorter && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === shorter) return a.length - b.length;
  return utf8Rank(a.charCodeAt(index)) - utf8Rank(b.charCodeAt(index));
};

const utf8Rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Bytes as text, with one U+FFFD for each byte that is no UTF-8, where JavaScript has one for several. */
export const decodeUtf8 = (data: Buffer, start = 0, end = data.length): string => {
  const text = data.toString('utf8', start, end);
  if (!text.includes('\ufffd') || isUtf8(data.subarray(start, end))) return text;
  let decoded = '';
  for (let index = start; index < end;) {
    let width = Math.min(4, end - index);
    while (width > 1 && !isOneCharacter(data, index, width)) width--;
    decoded += data.toString('utf8', index, index + width);
    index += width;
  }
  return decoded;
};

const isOneCharacter = (data: Buffer, at: number, width: number): boolean => {
  const bytes = data.subarray(at, at + width);
  return isUtf8(bytes) && /^.$/su.test(bytes.toString('utf8'));
};
