import {
  checkNumber,
  checkOneOf,
  checkString,
  cutText,
  optionMessage,
  type PlainValue,
  toPlainValue,
} from '@spillway/core';

/** Incidents of a state, and entries of any list or map in one. Far above what the exporter keeps. */
export const MAX_STORED_ENTRIES = 1000;
/** Characters of one text: what is shown of a record is shorter by far. */
const MAX_TEXT_CHARACTERS = 8192;
/** Characters of what only has a meaning as a whole; PagerDuty's bound of a key. */
const MAX_IDENTITY_CHARACTERS = 255;

/** Reads the fields of one object that comes from outside. What is wrong is thrown, by its name; what is too long is cut. */
export class StoredFields {
  readonly #name: string;
  readonly #value: object;

  constructor(name: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeError(optionMessage(name, 'an object', value));
    }
    this.#name = name;
    this.#value = value;
  }

  /** A field as it is; null counts as left out, as columns of databases have it. */
  get(field: string): unknown {
    return Reflect.get(this.#value, field) ?? undefined;
  }

  /** A finite number. */
  number(field: string, min: number = -Number.MAX_SAFE_INTEGER): number {
    return checkNumber(this.#nameOf(field), this.get(field), { min });
  }

  choice<T extends string>(field: string, choices: readonly T[]): T {
    return checkOneOf(this.#nameOf(field), this.get(field), choices);
  }

  /** A text to be shown. */
  text(field: string): string {
    return cut(this.#string(field, this.get(field)));
  }

  /** The field with its text, or nothing. */
  optionalText<F extends string>(field: F): { readonly [K in F]?: string } {
    const isLeftOut = this.get(field) === undefined;
    return isLeftOut ? {} : ({ [field]: this.text(field) } as { readonly [K in F]: string });
  }

  /** A text that would mean something else if it were cut. */
  identity(field: string): string {
    const text = checkString(this.#nameOf(field), this.get(field));
    return this.#within(field, text, MAX_IDENTITY_CHARACTERS);
  }

  /** The same where it may be empty, and long. */
  uncutText(field: string): string {
    return this.#within(field, this.#string(field, this.get(field)), MAX_TEXT_CHARACTERS);
  }

  /** The first entries of a list, and how many it has. */
  list(field: string): { items: unknown[]; length: number } {
    const list = this.get(field);
    if (!Array.isArray(list)) throw new TypeError(optionMessage(this.#nameOf(field), 'an array', list));
    const { length } = list;
    return { items: Array.from({ length: Math.min(length, MAX_STORED_ENTRIES) }, (_, i): unknown => list[i]), length };
  }

  texts(field: string): string[] {
    return this.list(field).items.map((text, index) => cut(this.#string(`${field}[${index}]`, text)));
  }

  numbers(field: string): number[] {
    const range = { min: -Number.MAX_SAFE_INTEGER };
    return this.list(field).items.map((item, index) => checkNumber(this.#nameOf(`${field}[${index}]`), item, range));
  }

  /** A map of names and counts. */
  counts(field: string): Record<string, number> {
    const counts = new StoredFields(this.#nameOf(field), this.get(field));
    const names = Object.keys(counts.#value).slice(0, MAX_STORED_ENTRIES);
    return Object.fromEntries(names.map((name) => [cut(name), counts.number(name, 0)]));
  }

  /** Any value that can be part of a record; undefined where it is left out. */
  plainValue(field: string): PlainValue | undefined {
    const value: unknown = Reflect.get(this.#value, field);
    return value === undefined ? undefined : cutTexts(toPlainValue(value));
  }

  #string(field: string, value: unknown): string {
    if (typeof value !== 'string') throw new TypeError(optionMessage(this.#nameOf(field), 'a string', value));
    return value;
  }

  #within(field: string, text: string, maxCharacters: number): string {
    if (text.length <= maxCharacters) return text;
    const rule = `a string of ${maxCharacters} characters at most`;
    throw new RangeError(optionMessage(this.#nameOf(field), rule, text, `${text.length} characters`));
  }

  #nameOf(field: string): string {
    return `${this.#name}.${field}`;
  }
}

function cutTexts(value: PlainValue): PlainValue {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.slice(0, MAX_TEXT_CHARACTERS);
  if (Array.isArray(value)) return value.map(cutTexts);
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cut(key), cutTexts(item)]));
}

function cut(text: string): string {
  return cutText(text, MAX_TEXT_CHARACTERS);
}
