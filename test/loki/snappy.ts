import { Refusal } from './refusal.ts';

const corrupt = (): Refusal => new Refusal(400, 'snappy: corrupt input');

/** The size that a block claims to have. @throws Refusal */
export const snappySize = (data: Buffer): number => readSize(data).value;

/** Decompresses the block format (https://github.com/google/snappy/blob/main/format_description.txt). @throws Refusal */
export const decodeSnappy = (data: Buffer): Buffer => {
  const { value: size, next } = readSize(data);
  // A length that the data cannot fill is not worth its memory: a byte of input makes at most 64 of output.
  if (size > data.length * 64) throw corrupt();
  const result = Buffer.allocUnsafe(size);
  let read = next;
  let written = 0;
  while (read < data.length) {
    const tag = data[read] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const literal = readLiteral(data, read, tag >> 2);
      if (literal.length > size - written || literal.length > data.length - literal.start) throw corrupt();
      data.copy(result, written, literal.start, literal.start + literal.length);
      written += literal.length;
      read = literal.start + literal.length;
      continue;
    }
    const offsetBytes = kind === 3 ? 4 : kind;
    if (read + 1 + offsetBytes > data.length) throw corrupt();
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = data.readUIntLE(read + 1, offsetBytes) + (kind === 1 ? (tag & 0xe0) << 3 : 0);
    if (offset === 0 || offset > written || length > size - written) throw corrupt();
    // Source and target may overlap: what was just written is read again.
    for (let index = 0; index < length; index++, written++) result[written] = result[written - offset] as number;
    read += 1 + offsetBytes;
  }
  if (written !== size) throw corrupt();
  return result;
};

const readLiteral = (data: Buffer, at: number, code: number): { start: number; length: number } => {
  if (code < 60) return { start: at + 1, length: code + 1 };
  const lengthBytes = code - 59;
  if (at + 1 + lengthBytes > data.length) throw corrupt();
  return { start: at + 1 + lengthBytes, length: data.readUIntLE(at + 1, lengthBytes) + 1 };
};

const readSize = (data: Buffer): { value: number; next: number } => {
  let value = 0;
  for (let index = 0; index < Math.min(data.length, 5); index++) {
    const byte = data[index] as number;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) {
      if (value > 0xffffffff) break;
      return { value, next: index + 1 };
    }
  }
  throw corrupt();
};
