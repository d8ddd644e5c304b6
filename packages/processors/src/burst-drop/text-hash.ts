/** Odd constants of xxHash. @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md (read 2026-11-21) */
const PRIME_A = 0x9e3779b1;
const PRIME_B = 0x85ebca77;

/** Two 32-bit hashes that grow together: enough to tell any number of texts apart that a process meets. */
export class TextHash {
  a: number;
  b: number;

  constructor(a: number, b: number) {
    this.a = a;
    this.b = b;
  }

  /** Begins anew where another one is. */
  restart({ a, b }: TextHash): void {
    this.a = a;
    this.b = b;
  }

  /** Adds a 32-bit integer. */
  add(value: number): void {
    this.a = mixA(this.a, value);
    this.b = mixB(this.b, value);
  }

  /** Adds a text by the hash of it. */
  addHash({ a, b }: TextHash): void {
    this.a = mixA(this.a, a);
    this.b = mixB(this.b, b);
  }

  /** Adds the first units of a text: two UTF-16 units at a time, then the number of units with one that is left over. */
  addText(text: string, maxUnits: number): void {
    const length = Math.min(text.length, maxUnits);
    let { a, b } = this;
    for (let index = 1; index < length; index += 2) {
      const units = text.charCodeAt(index - 1) | (text.charCodeAt(index) << 16);
      a = mixA(a, units);
      b = mixB(b, units);
    }
    const rest = (length % 2 === 1 ? text.charCodeAt(length - 1) : 0) | (length << 16);
    this.a = mixA(a, rest);
    this.b = mixB(b, rest);
  }
}

/** Shifting after the multiplication lets high bits reach the low ones, which choose a bucket. */
function mixA(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, PRIME_A);
  return product ^ (product >>> 15);
}

function mixB(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, PRIME_B);
  return product ^ (product >>> 13);
}
