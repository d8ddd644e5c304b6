import { ALPHANUMERIC, kindOf } from './character-kinds.ts';

/** A value takes one byte of the text and three of these, and what keeps it from the next value one of both. */
const MAX_GROWTH = 2;
/** For a value at the end. */
const PADDING = 8;

const SPACE = 0x20;
const PLUS = 0x2b;
const DASH = 0x2d;
const LESS = 0x3c;
const ASTERISK = 0x2a;
const GREATER = 0x3e;

/** What is written of a text that is masked: parts of it, and `<*>` in place of the values between them. */
export class MaskedText {
  readonly #bytes: Buffer;
  #length = 0;
  /** Behind the value that was written last. */
  #valueEnd = 0;

  /** @param maxBytes of the text that is masked */
  constructor(maxBytes: number) {
    this.#bytes = Buffer.alloc(maxBytes * MAX_GROWTH + PADDING);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Adds a part of the text as it is. */
  addWords(text: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    let length = this.#length;
    for (let at = start; at < end; at += 1) {
      bytes[length] = text[at] as number;
      length += 1;
    }
    this.#length = length;
  }

  addSpace(): void {
    this.#bytes[this.#length] = SPACE;
    this.#length += 1;
  }

  addValue(): void {
    const bytes = this.#bytes;
    let length = this.#endsInSign() ? this.#length - 1 : this.#length;
    bytes[length] = LESS;
    bytes[length + 1] = ASTERISK;
    bytes[length + 2] = GREATER;
    length += 3;
    this.#length = length;
    this.#valueEnd = length;
  }

  /** Removes what was added since the value that was added last. */
  endAtValue(): void {
    this.#length = this.#valueEnd;
  }

  /** The text without spaces around it. */
  toString(): string {
    const start = this.#length > 0 && this.#bytes[0] === SPACE ? 1 : 0;
    const end = this.#length > start && this.#bytes[this.#length - 1] === SPACE ? this.#length - 1 : this.#length;
    return this.#bytes.toString('utf8', start, end);
  }

  /** A sign is part of its number, unless it joins it to a word: `-5`, but `node-5`. */
  #endsInSign(): boolean {
    if (this.#length === 0) return false;
    const last = this.#bytes[this.#length - 1];
    if (last !== DASH && last !== PLUS) return false;
    return this.#length === 1 || !(kindOf(this.#bytes[this.#length - 2] as number) & ALPHANUMERIC);
  }
}
