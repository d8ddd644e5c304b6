const COPY_1_MIN_BYTES = 4;
const MAX_TAG_LITERAL_BYTES = 60;
/** Of a body, as the format can say it. */
const MAX_LENGTH = 2 ** 32;
/** The largest copy there is, of which each takes a byte at least. */
const MAX_EXPANSION = 64;

/**
 * Expands a body in Snappy's block format, so that it can be cut.
 * @throws RangeError where the bytes are no such body: an outbox may give back damaged ones.
 * @see https://github.com/google/snappy/blob/main/format_description.txt (read 2026-11-21)
 */
export function snappyExpand(source: Uint8Array): Uint8Array<ArrayBuffer> {
  return new SnappyReader(source).read();
}

class SnappyReader {
  readonly #source: Uint8Array;
  readonly #target: Uint8Array<ArrayBuffer>;
  #at = 0;
  #written = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    const length = this.#varint();
    if (length > source.length * MAX_EXPANSION) throw damaged();
    this.#target = new Uint8Array(length);
  }

  read(): Uint8Array<ArrayBuffer> {
    while (this.#at < this.#source.length) {
      const tag = this.#source[this.#at++] as number;
      const kind = tag & 3;
      const code = tag >> 2;
      if (kind === 0) this.#literal(code);
      else if (kind === 1) this.#copy((code & 7) + COPY_1_MIN_BYTES, this.#littleEndian(1) + ((code >> 3) << 8));
      else this.#copy(code + 1, this.#littleEndian(kind === 2 ? 2 : 4));
    }
    if (this.#written !== this.#target.length) throw damaged();
    return this.#target;
  }

  #literal(code: number): void {
    const size = 1 + (code < MAX_TAG_LITERAL_BYTES ? code : this.#littleEndian(code - MAX_TAG_LITERAL_BYTES + 1));
    const end = this.#at + size;
    if (end > this.#source.length || size > this.#target.length - this.#written) throw damaged();
    this.#target.set(this.#source.subarray(this.#at, end), this.#written);
    this.#at = end;
    this.#written += size;
  }

  #copy(size: number, offset: number): void {
    const end = this.#written + size;
    if (offset === 0 || offset > this.#written || end > this.#target.length) throw damaged();
    // Byte by byte: a copy may reach into what it has just written.
    for (let to = this.#written; to < end; to += 1) this.#target[to] = this.#target[to - offset] as number;
    this.#written = end;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor < MAX_LENGTH; factor *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw damaged();
  }

  #littleEndian(bytes: number): number {
    let value = 0;
    for (let index = 0; index < bytes; index += 1) value += this.#byte() * 0x100 ** index;
    return value;
  }

  #byte(): number {
    const byte = this.#source[this.#at++];
    if (byte === undefined) throw damaged();
    return byte;
  }
}

function damaged(): RangeError {
  return new RangeError("Expected a body in Snappy's block format.");
}
