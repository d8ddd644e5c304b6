import { writeVarint } from './varint.ts';

/** Matches are looked for within blocks of this size, so that a position in one fits 16 bits. */
const BLOCK_BYTES = 64 * 1024;
const MIN_MATCH_BYTES = 4;
/** Room that a block must have behind a position for four bytes to be read there. */
const MARGIN_BYTES = MIN_MATCH_BYTES;
/** As many entries as the format's own compressor has at most: 32 KiB, the first cache of any processor. */
const MAX_TABLE_BITS = 14;
const MIN_TABLE_BITS = 8;
/** Spreads four bytes over the table. */
const HASH_FACTOR = 0x1e35a7bd;
/** After so many misses in a row the step doubles: what does not compress is passed over quickly. */
const MISSES_PER_STEP = 32;

const TAG_LITERAL = 0;
const TAG_COPY_1 = 1;
const TAG_COPY_2 = 2;
const MAX_TAG_LITERAL_BYTES = 60;
/** What takes longer to hand to `set` than to copy in a loop. */
const SHORT_LITERAL_BYTES = 24;
const MAX_COPY_BYTES = 64;
const MAX_COPY_1_BYTES = 11;
const MAX_COPY_1_OFFSET = 2047;

/** Last position of each four bytes, relative to its block. Shared: compressing is synchronous. */
const table = new Uint16Array(1 << MAX_TABLE_BITS);

/**
 * Compresses a body to Snappy's block format, which is all that remote write knows.
 * @see https://github.com/google/snappy/blob/main/format_description.txt (read 2026-11-21)
 */
export function snappyCompress(source: Uint8Array): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(maxCompressedBytes(source.length));
  let at = writeVarint(target, 0, source.length);
  for (let start = 0; start < source.length; start += BLOCK_BYTES) {
    at = compressBlock(source, start, Math.min(start + BLOCK_BYTES, source.length), target, at);
  }
  return target.slice(0, at);
}

/** What a body compresses to at worst: the bound of the format's own compressor, which copies four bytes at least as this does. */
export function maxCompressedBytes(bytes: number): number {
  return 32 + bytes + Math.floor(bytes / 6);
}

/** Writes one block; returns where it ends in the target. */
function compressBlock(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  targetStart: number,
): number {
  const shift = clearTable(end - start);
  const limit = end - MARGIN_BYTES;
  let at = targetStart;
  let literalStart = start;
  let position = start;
  let misses = 0;
  while (position <= limit) {
    const word = wordAt(source, position);
    const slot = Math.imul(word, HASH_FACTOR) >>> shift;
    const candidate = start + (table[slot] as number);
    table[slot] = position - start;
    if (candidate === position || wordAt(source, candidate) !== word) {
      position += 1 + Math.floor(misses / MISSES_PER_STEP);
      misses += 1;
      continue;
    }
    const matchEnd = endOfMatch(source, candidate + MIN_MATCH_BYTES, position + MIN_MATCH_BYTES, end);
    at = writeLiteral(source, literalStart, position, target, at);
    at = writeCopy(target, at, position - candidate, matchEnd - position);
    literalStart = matchEnd;
    position = matchEnd;
    misses = 0;
  }
  return writeLiteral(source, literalStart, end, target, at);
}

/** Empties as much of the table as a block of this size deserves; returns what shifts a hash into it. */
function clearTable(blockBytes: number): number {
  let bits = MIN_TABLE_BITS;
  while (bits < MAX_TABLE_BITS && 1 << bits < blockBytes) bits += 1;
  table.fill(0, 0, 1 << bits);
  return 32 - bits;
}

function wordAt(source: Uint8Array, at: number): number {
  return (
    (source[at] as number) |
    ((source[at + 1] as number) << 8) |
    ((source[at + 2] as number) << 16) |
    ((source[at + 3] as number) << 24)
  );
}

function endOfMatch(source: Uint8Array, candidateFrom: number, from: number, end: number): number {
  let candidate = candidateFrom;
  let position = from;
  while (position < end && source[candidate] === source[position]) {
    candidate += 1;
    position += 1;
  }
  return position;
}

function writeLiteral(source: Uint8Array, start: number, end: number, target: Uint8Array, targetStart: number): number {
  const length = end - start;
  if (length === 0) return targetStart;
  let at = targetStart;
  const code = length - 1;
  if (code < MAX_TAG_LITERAL_BYTES) target[at++] = (code << 2) | TAG_LITERAL;
  else if (code < 0x100) {
    target[at++] = (MAX_TAG_LITERAL_BYTES << 2) | TAG_LITERAL;
    target[at++] = code;
  } else {
    target[at++] = ((MAX_TAG_LITERAL_BYTES + 1) << 2) | TAG_LITERAL;
    target[at++] = code;
    target[at++] = code >> 8;
  }
  if (length <= SHORT_LITERAL_BYTES) {
    for (let from = start; from < end; from += 1) target[at++] = source[from] as number;
    return at;
  }
  target.set(source.subarray(start, end), at);
  return at + length;
}

function writeCopy(target: Uint8Array, targetStart: number, offset: number, matchLength: number): number {
  let at = targetStart;
  let length = matchLength;
  while (length > MAX_COPY_BYTES) {
    // What is left must be long enough for a copy of the short form.
    const part = Math.min(MAX_COPY_BYTES, length - MIN_MATCH_BYTES);
    at = writeLongCopy(target, at, offset, part);
    length -= part;
  }
  if (length > MAX_COPY_1_BYTES || offset > MAX_COPY_1_OFFSET) return writeLongCopy(target, at, offset, length);
  target[at++] = ((offset >> 8) << 5) | ((length - MIN_MATCH_BYTES) << 2) | TAG_COPY_1;
  target[at++] = offset;
  return at;
}

function writeLongCopy(target: Uint8Array, targetStart: number, offset: number, length: number): number {
  target[targetStart] = ((length - 1) << 2) | TAG_COPY_2;
  target[targetStart + 1] = offset;
  target[targetStart + 2] = offset >> 8;
  return targetStart + 3;
}
