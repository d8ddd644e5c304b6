import { cutText, type PlainValue, wellFormed } from '@spillway/core';

/** With less room than this nothing useful is written any more. */
const MIN_ROOM_BYTES = 16;

/** Writes values as JSON of about so many bytes: what does not fit is cut or left out, which it says. */
export class BoundedJson {
  #leftBytes: number;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#leftBytes = maxBytes;
  }

  /** How many bytes there is room for. */
  get leftBytes(): number {
    return this.#leftBytes;
  }

  /** Whether anything was cut or left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  write(value: PlainValue): string {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'object' && value !== null) return this.#object(value);
    // As in OTLP's JSON: the format itself has no such numbers.
    const isNumber = typeof value !== 'number' || Number.isFinite(value);
    return this.#take(isNumber ? JSON.stringify(value) : `"${value}"`);
  }

  #object(value: Exclude<PlainValue, string | number | boolean | null>): string {
    if (value instanceof Uint8Array)
      return this.#text(Buffer.from(value.subarray(0, this.#leftBytes)).toString('base64'));
    if (Array.isArray(value)) return this.#group('[]', value, (item) => this.write(item));
    return this.#group('{}', Object.entries(value), (entry) => this.#entry(entry));
  }

  #entry([key, value]: readonly [string, PlainValue]): string {
    return `${this.#text(key)}${this.#take(':')}${this.write(value)}`;
  }

  #group<T>(brackets: string, items: readonly T[], write: (item: T) => string): string {
    this.#take(brackets);
    let text = '';
    for (const item of items) {
      if (this.#leftBytes < MIN_ROOM_BYTES) {
        this.#isCut = true;
        break;
      }
      text += text === '' ? write(item) : this.#take(',') + write(item);
    }
    return `${brackets[0]}${text}${brackets[1]}`;
  }

  #text(text: string): string {
    // A unit of UTF-16 has a byte at least: more of them never fit, and need not be looked at.
    let part = cutText(text, Math.max(0, this.#leftBytes));
    for (;;) {
      const json = JSON.stringify(wellFormed(part));
      const bytes = Buffer.byteLength(json);
      if (bytes <= this.#leftBytes || part === '') {
        if (part.length < text.length) this.#isCut = true;
        this.#leftBytes -= bytes;
        return json;
      }
      part = cutText(part, Math.floor((part.length * Math.max(0, this.#leftBytes - 2)) / bytes));
    }
  }

  #take(text: string): string {
    this.#leftBytes -= text.length;
    return text;
  }
}
