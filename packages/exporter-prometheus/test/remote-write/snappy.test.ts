import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Refusal } from '../../../../test/loki/refusal.ts';
import { decodeSnappy } from '../../../../test/loki/snappy.ts';
import { maxCompressedBytes, snappyCompress } from '../../src/remote-write/snappy-compress.ts';
import { snappyExpand } from '../../src/remote-write/snappy-expand.ts';

const MEBIBYTE = 1024 * 1024;
const BLOCK = 64 * 1024;

/** Equal bytes, compared as a whole: a difference of large arrays takes minutes to print. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function expectRoundTrip(body: Uint8Array): void {
  const compressed = snappyCompress(body);
  expect(compressed.length).toBeLessThanOrEqual(maxCompressedBytes(body.length));
  expect(isEqual(decodeSnappy(Buffer.from(compressed)), body)).toBe(true);
  expect(isEqual(snappyExpand(compressed), body)).toBe(true);
}

/** Random numbers that do not change from run to run. */
function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function repeat(part: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => part[index % part.length] as number);
}

/** Bytes that have come before come again, at any distance and in any length, between some that have not. */
const selfSimilar = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 80 }), fc.nat(5000), fc.nat(300)), { maxLength: 60 })
  .map((steps) => {
    const bytes: number[] = [];
    for (const [fresh, distance, length] of steps) {
      bytes.push(...fresh);
      const from = Math.max(0, bytes.length - distance - 1);
      for (let index = 0; index < length && bytes.length > 0; index += 1) bytes.push(bytes[from + index] as number);
    }
    return Uint8Array.from(bytes);
  });

describe('snappyCompress', () => {
  it('makes what a strict decoder reads, within the bound, of anything', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), expectRoundTrip));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000, max: 3 }), expectRoundTrip));
    fc.assert(fc.property(selfSimilar, expectRoundTrip));
  });

  it('makes what a strict decoder reads of every length of match at every kind of distance', () => {
    for (const distance of [1, 2, 3, 4, 5, 2047, 2048, 2049, 60_000]) {
      const seed = noise(distance, distance);
      for (let length = 0; length <= 140; length += 1) {
        const body = new Uint8Array(distance + length + 20);
        body.set(seed);
        for (let index = distance; index < distance + length; index += 1)
          body[index] = body[index - distance] as number;
        body.set(noise(20, 99), distance + length);
        expectRoundTrip(body);
      }
    }
  });

  it('makes what a strict decoder reads of every length of literal that takes another form', () => {
    for (const length of [1, 2, 3, 4, 5, 59, 60, 61, 62, 255, 256, 257, 258, 65_535, 65_536])
      expectRoundTrip(noise(length));
  });

  it('does not look for matches across blocks, and fills each', () => {
    const part = noise(40_000);
    for (const length of [BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 3, BLOCK + 4, BLOCK + 5, 2 * BLOCK, 3 * BLOCK + 17]) {
      expectRoundTrip(repeat(part, length));
    }
  });

  it('writes an empty body as its length', () => {
    expect(snappyCompress(new Uint8Array(0))).toEqual(Uint8Array.of(0));
  });

  it('writes the examples of the format', () => {
    expect(snappyCompress(new TextEncoder().encode('xabababab'))).toEqual(
      Uint8Array.of(9, (3 - 1) << 2, 0x78, 0x61, 0x62, ((6 - 4) << 2) | 1, 2),
    );
    expect(snappyCompress(new Uint8Array(1)).at(0)).toBe(1);
    expect(snappyCompress(noise(2_097_150)).subarray(0, 3)).toEqual(Uint8Array.of(0xfe, 0xff, 0x7f));
  });

  it('makes a mebibyte of equal bytes small and one of noise no larger than the format allows', () => {
    const equal = new Uint8Array(MEBIBYTE);
    const cycle = repeat(noise(100), MEBIBYTE);
    for (const body of [equal, cycle, noise(MEBIBYTE)]) expectRoundTrip(body);
    expect(snappyCompress(equal).length).toBeLessThan(MEBIBYTE / 20);
    expect(snappyCompress(cycle).length).toBeLessThan(MEBIBYTE / 18);
    expect(snappyCompress(noise(MEBIBYTE)).length).toBeLessThan(MEBIBYTE + 100);
  });

  it('says the same of the same body, whatever came before', () => {
    const body = repeat(noise(333), 5000);
    const first = snappyCompress(body);
    snappyCompress(noise(MEBIBYTE));
    expect(isEqual(snappyCompress(body), first)).toBe(true);
  });
});

describe('snappyExpand', () => {
  it('throws a RangeError at damage, or gives what the strict decoder gives', () => {
    const damage = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(selfSimilar, damage, fc.nat(400), (body, changes, cut) => {
        const damaged = snappyCompress(body);
        for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
        expectSameFate(damaged);
        expectSameFate(damaged.slice(0, cut));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), expectSameFate));
    for (const length of [4, 5, 6]) expectSameFate(Uint8Array.of(...Array.from({ length }, () => 0x80), 0));
  });
});

/** What comes out, or the kind of error. */
function fateOf(expand: (bytes: Uint8Array) => Uint8Array, bytes: Uint8Array): string {
  try {
    return Buffer.from(expand(bytes)).toString('latin1');
  } catch (error) {
    return error instanceof RangeError || error instanceof Refusal ? 'damaged' : String(error);
  }
}

function expectSameFate(bytes: Uint8Array): void {
  const expected = fateOf((data) => decodeSnappy(Buffer.from(data)), bytes);
  expect(fateOf(snappyExpand, bytes)).toBe(expected);
}
