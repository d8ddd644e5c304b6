/** What a damaged stream of DEFLATE yields: everything up to the damage. */
export interface Inflated {
  readonly data: Buffer;
  /** Bytes of input that were read. */
  readonly consumed: number;
  /** In the words of Go's `compress/flate`; absent where nothing is damaged. */
  readonly error?: string;
}

const UNEXPECTED_END = 'unexpected EOF';

/** Thrown inside, where reading stops. */
class InflateError extends Error {
  override readonly name = 'InflateError';
}

/** Lengths of the codes by symbol, sorted into a table of codes (https://www.rfc-editor.org/rfc/rfc1951 3.2.2). */
interface Huffman {
  /** Bits that must be there before a code is looked at: no code is shorter, and no block ends without its end marker. */
  readonly minBits: number;
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

const MAX_BITS = 15;
const END_OF_BLOCK = 256;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const WINDOW_BYTES = 32_768;

const FIXED_LITERALS = [
  ...Array<number>(144).fill(8),
  ...Array<number>(112).fill(9),
  ...Array<number>(24).fill(7),
  ...Array<number>(8).fill(8),
];
const FIXED_DISTANCES = Array<number>(32).fill(5);

/**
 * Decompresses raw DEFLATE byte by byte. node:zlib is used where the data are sound; this is for damaged data, of which it throws away
 * what could be read, while Loki reads on to the damage and may never reach it. Stops without an error after `maxBytes`.
 */
export const inflateDamaged = (input: Buffer, maxBytes: number): Inflated => new Inflater(input, maxBytes).run();

class Inflater {
  readonly #input: Buffer;
  readonly #maxBytes: number;
  readonly #output: number[] = [];
  #position = 0;
  #bits = 0;
  #bitCount = 0;

  constructor(input: Buffer, maxBytes: number) {
    this.#input = input;
    this.#maxBytes = maxBytes;
  }

  run(): Inflated {
    try {
      let isLast: boolean;
      do {
        isLast = this.#take(1) === 1;
        this.#block(this.#take(2));
      } while (!isLast);
      return { data: Buffer.from(this.#output), consumed: this.#position };
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      const isFull = this.#output.length === this.#maxBytes;
      const inflated = { data: Buffer.from(this.#output), consumed: this.#position };
      return isFull ? inflated : { ...inflated, error: error.message };
    }
  }

  #emit(byte: number): void {
    if (this.#output.length === this.#maxBytes) throw new InflateError('full');
    this.#output.push(byte);
  }

  #block(type: number): void {
    if (type === 0) this.#stored();
    else if (type === 1) this.#compressed(this.#huffman(FIXED_LITERALS), this.#huffman(FIXED_DISTANCES));
    else if (type === 2) this.#dynamic();
    else throw this.#corrupt();
  }

  #stored(): void {
    this.#bits = 0;
    this.#bitCount = 0;
    const length = this.#byte() | (this.#byte() << 8);
    const complement = this.#byte() | (this.#byte() << 8);
    if (length !== (~complement & 0xffff)) throw this.#corrupt();
    for (let left = length; left > 0; left--) this.#emit(this.#byte());
  }

  #dynamic(): void {
    // All three counts are read before one is looked at.
    this.#fill(14);
    const literalCount = this.#take(5) + 257;
    if (literalCount > 286) throw this.#corrupt();
    const distanceCount = this.#take(5) + 1;
    if (distanceCount > 30) throw this.#corrupt();
    const codeLengths = Array<number>(19).fill(0);
    const codeCount = this.#take(4) + 4;
    for (const symbol of CODE_LENGTH_ORDER.slice(0, codeCount)) codeLengths[symbol] = this.#take(3);
    const lengths = this.#codeLengths(this.#huffman(codeLengths), literalCount + distanceCount);
    this.#compressed(this.#huffman(lengths.slice(0, literalCount)), this.#huffman(lengths.slice(literalCount)));
  }

  #codeLengths(code: Huffman, count: number): number[] {
    const lengths: number[] = [];
    while (lengths.length < count) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      const previous = lengths.at(-1);
      if (symbol === 16 && previous === undefined) throw this.#corrupt();
      const repeat = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (lengths.length + repeat > count) throw this.#corrupt();
      for (let left = repeat; left > 0; left--) lengths.push(symbol === 16 ? (previous as number) : 0);
    }
    return lengths;
  }

  #compressed(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        this.#emit(symbol);
        continue;
      }
      const base = LENGTH_BASE[symbol - 257];
      if (base === undefined) throw this.#corrupt();
      const length = base + this.#take(LENGTH_EXTRA[symbol - 257] as number);
      const distanceSymbol = this.#symbol(distances);
      if (distanceSymbol >= 30) throw this.#corrupt();
      const extra = distanceSymbol < 4 ? 0 : (distanceSymbol >> 1) - 1;
      const distanceBase = distanceSymbol < 4 ? distanceSymbol + 1 : ((2 + (distanceSymbol & 1)) << extra) + 1;
      const distance = distanceBase + this.#take(extra);
      if (distance > Math.min(this.#output.length, WINDOW_BYTES)) throw this.#corrupt();
      for (let left = length; left > 0; left--) this.#emit(this.#output.at(-distance) as number);
    }
  }

  #huffman(lengths: readonly number[]): Huffman {
    const counts = Array<number>(MAX_BITS + 1).fill(0);
    for (const length of lengths) counts[length]!++;
    const used = lengths.length - (counts[0] as number);
    let left = 1;
    for (const count of counts.slice(1)) left = left * 2 - count;
    // One code of one bit alone may be incomplete, and so may none at all until it is used.
    if (used > 0 && left !== 0 && !(used === 1 && counts[1] === 1)) throw this.#corrupt();
    const symbols = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0);
    symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
    const shortest = counts.findIndex((count, length) => length > 0 && count > 0);
    const longest = counts.findLastIndex((count, length) => length > 0 && count > 0);
    const minBits = Math.max(shortest, lengths[END_OF_BLOCK] ?? 0);
    return { minBits, counts: counts.slice(0, longest + 1), symbols: symbols.map(({ symbol }) => symbol) };
  }

  #symbol({ minBits, counts, symbols }: Huffman): number {
    this.#fill(minBits);
    let code = 0;
    let first = 0;
    let index = 0;
    for (const count of counts.slice(1)) {
      code |= this.#take(1);
      if (code - count < first) return symbols[index + (code - first)] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw this.#corrupt();
  }

  #fill(count: number): void {
    while (this.#bitCount < count) {
      this.#bits |= this.#byte() << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #take(count: number): number {
    this.#fill(count);
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #byte(): number {
    const byte = this.#input[this.#position];
    if (byte === undefined) throw new InflateError(UNEXPECTED_END);
    this.#position++;
    return byte;
  }

  #corrupt(): InflateError {
    return new InflateError(`flate: corrupt input before offset ${this.#position}`);
  }
}
