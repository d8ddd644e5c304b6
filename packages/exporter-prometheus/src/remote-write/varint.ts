/** Bytes of a negative int64: the sign goes through all 64 bits. */
const NEGATIVE_BYTES = 10;

/** Bytes that a whole number takes as an int64 of protobuf. */
export function varintBytes(value: number): number {
  if (value < 0) return NEGATIVE_BYTES;
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) bytes += 1;
  return bytes;
}

/** Bytes of a field that has a length, with its tag of one byte. */
export function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** Writes a whole number as an int64 of protobuf; returns where it ends. */
export function writeVarint(target: Uint8Array, start: number, value: number): number {
  if (value < 0) return writeNegative(target, start, value);
  let at = start;
  let rest = value;
  // Not by shifts: times are larger than 32 bits.
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80;
  target[at++] = rest;
  return at;
}

/** A time before 1970: only a clock that is wrong has one. */
function writeNegative(target: Uint8Array, start: number, value: number): number {
  let rest = BigInt.asUintN(64, BigInt(value));
  let at = start;
  for (; rest >= 0x80n; rest >>= 7n) target[at++] = Number(rest & 0x7fn) | 0x80;
  target[at++] = Number(rest);
  return at;
}
