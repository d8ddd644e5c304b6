const MASK = (1n << 64n) - 1n;
const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & MASK;
const round = (sum: bigint, input: bigint): bigint => (rotate((sum + input * PRIME_2) & MASK, 31n) * PRIME_1) & MASK;
const merge = (hash: bigint, sum: bigint): bigint => ((hash ^ round(0n, sum)) * PRIME_1 + PRIME_4) & MASK;

/** XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md): Loki's hash of a stream's labels. */
export const xxHash64 = (data: Buffer): bigint => {
  let offset = 0;
  let hash = PRIME_5;
  if (data.length >= 32) {
    const sums: [bigint, bigint, bigint, bigint] = [(PRIME_1 + PRIME_2) & MASK, PRIME_2, 0n, -PRIME_1 & MASK];
    for (; offset + 32 <= data.length; offset += 32) {
      for (const lane of [0, 1, 2, 3] as const) {
        sums[lane] = round(sums[lane], data.readBigUInt64LE(offset + lane * 8));
      }
    }
    const [a, b, c, d] = sums;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK;
    for (const sum of sums) hash = merge(hash, sum);
  }
  hash = (hash + BigInt(data.length)) & MASK;
  for (; offset + 8 <= data.length; offset += 8) {
    hash = (rotate(hash ^ round(0n, data.readBigUInt64LE(offset)), 27n) * PRIME_1 + PRIME_4) & MASK;
  }
  if (offset + 4 <= data.length) {
    hash = (rotate(hash ^ ((BigInt(data.readUInt32LE(offset)) * PRIME_1) & MASK), 23n) * PRIME_2 + PRIME_3) & MASK;
    offset += 4;
  }
  for (; offset < data.length; offset++) {
    hash = (rotate(hash ^ ((BigInt(data[offset] as number) * PRIME_5) & MASK), 11n) * PRIME_1) & MASK;
  }
  hash = ((hash ^ (hash >> 33n)) * PRIME_2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * PRIME_3) & MASK;
  return hash ^ (hash >> 32n);
};
