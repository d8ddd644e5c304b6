import { shorten } from './shorten-text.ts';

/** Of a value besides its text, as `estimateRecordBytes` of the core has it. */
const VALUE_BYTES = 16;
/** What of a text is left when nothing else fits any more. */
const MIN_CHARACTERS = 16;

/** How large a value may become, which is found out while it is copied. */
export class SizeBudget {
  readonly #maxCharacters: number;
  #bytesLeft: number;

  /**
   * @param maxCharacters UTF-16 units of a single text
   * @param maxBytes of everything, by an estimate: one byte a UTF-16 unit, and 16 for each value
   */
  constructor(maxCharacters: number, maxBytes: number) {
    this.#maxCharacters = maxCharacters;
    this.#bytesLeft = maxBytes;
  }

  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  get isSpent(): boolean {
    return this.#bytesLeft <= 0;
  }

  spendValue(): void {
    this.#bytesLeft -= VALUE_BYTES;
  }

  /** The text, as much of it as there is room for. */
  spendText(text: string): string {
    const cut = shorten(text, Math.min(this.#maxCharacters, Math.max(MIN_CHARACTERS, this.#bytesLeft)));
    this.#bytesLeft -= cut.length;
    return cut;
  }
}
