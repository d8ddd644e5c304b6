interface TextSize {
  /** In UTF-16 units. */
  readonly length: number;
  /** In JSON, as UTF-8. */
  readonly bytes: number;
}

/** How large the texts of plain data are, to tell what cutting them saves without doing it. */
export class TextSizes {
  readonly #sizes: TextSize[] = [];
  readonly #bytes: number;

  constructor(value: unknown) {
    this.#collect(value);
    this.#bytes = this.#sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** About how many bytes are saved if no text is longer than this. */
  savedBytes(maxCharacters: number): number {
    let bytes = 0;
    for (const size of this.#sizes) bytes += size.bytes * Math.min(1, maxCharacters / size.length);
    return this.#bytes - bytes;
  }

  #collect(value: unknown): void {
    if (typeof value === 'string' && value !== '') {
      this.#sizes.push({ length: value.length, bytes: Buffer.byteLength(JSON.stringify(value)) });
    } else if (typeof value === 'object' && value !== null) {
      for (const item of Object.values(value)) this.#collect(item);
    }
  }
}
