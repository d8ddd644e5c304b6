/** How many bytes Loki's JSON reader holds at once. What it quotes in an error comes from this window, never from before it. */
const WINDOW_BYTES = 512;

/** Deeper nesting is refused. */
const MAX_DEPTH = 10_000;

/** What `nextToken` and `readByte` answer at the end of the input. */
const NOTHING = 0;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d;

/** A single byte as text. Half of a UTF-8 sequence is what a reader of the answer makes of it. */
export const byteText = (byte: number): string => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd');

/**
 * Reads JSON as json-iterator/go v1.1.12 does behind Loki's push API, in windows. The first error stays; only the end of the input is
 * replaced by a later, more specific one. After an error reading goes on, but what it finds is of no account.
 */
export class JsonReader {
  readonly data: Buffer;
  readonly #readError: string | undefined;
  #windowStart = 0;
  #windowEnd = 0;
  #depth = 0;
  #error: string | undefined;
  #hasEnded = false;
  position = 0;

  /** @param readError - what the body's decoder reports when it is read past the last byte; the plain end of the input when absent. */
  constructor(data: Buffer, readError?: string) {
    this.data = data;
    this.#readError = readError;
  }

  get error(): string | undefined {
    return this.#error;
  }

  /** Whether there was an error, or the end of the input. */
  get hasStopped(): boolean {
    return this.#hasEnded || this.#error !== undefined;
  }

  /** How far the input was read, whether looked at or not. */
  get bytesRead(): number {
    return this.#windowEnd;
  }

  /** The place behind the last byte that is held. */
  get windowEnd(): number {
    return this.#windowEnd;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Moves on to the next window; false at the end of the input. */
  loadMore(): boolean {
    if (this.#windowEnd === this.data.length) {
      this.#hasEnded = true;
      this.#error ??= this.#readError;
      return false;
    }
    this.#windowStart = this.#windowEnd;
    this.#windowEnd = Math.min(this.#windowEnd + WINDOW_BYTES, this.data.length);
    this.position = this.#windowStart;
    return true;
  }

  fail(operation: string, message: string): void {
    if (this.#error !== undefined) return;
    const quote = (reach: number): string => this.data.toString('utf8', this.#back(reach), this.#ahead(reach));
    this.#error =
      `${operation}: ${message}, error found in #${this.position - this.#back(10)} byte of ` +
      `...|${quote(10)}|..., bigger context ...|${quote(50)}|...`;
  }

  /** An error that does not say where it happened. */
  failPlainly(message: string): void {
    this.#error ??= message;
  }

  /** Takes back the error, for a second try. */
  forgive(): void {
    this.#error = undefined;
  }

  /** Puts the place where it happened in front of an error: "PushRequest.Streams: ...". */
  prefixError(prefix: string): void {
    if (this.#error !== undefined) this.#error = prefix + this.#error;
  }

  nextToken(): number {
    do {
      for (let index = this.position; index < this.#windowEnd; index++) {
        const byte = this.data[index] as number;
        if (isSpace(byte)) continue;
        this.position = index + 1;
        return byte;
      }
    } while (this.loadMore());
    return NOTHING;
  }

  readByte(): number {
    if (this.position === this.#windowEnd && !this.loadMore()) return NOTHING;
    return this.data[this.position++] as number;
  }

  /** A no-op once reading has stopped, as in the original. */
  unread(): void {
    if (!this.hasStopped) this.position--;
  }

  enter(): boolean {
    this.#depth++;
    if (this.#depth <= MAX_DEPTH) return true;
    this.fail('incrementDepth', 'exceeded max depth');
    return false;
  }

  leave(): void {
    this.#depth--;
  }

  #back(reach: number): number {
    return Math.max(this.position - reach, this.#windowStart);
  }

  #ahead(reach: number): number {
    return Math.min(this.position + reach, this.#windowEnd);
  }
}
