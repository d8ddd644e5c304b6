import { cutText, scalarText } from '@spillway/core';

/** As much as masking reads. */
const MAX_UNITS = 2048;
/** Deeper parts tell nothing about the problem that those above do not. */
const MAX_DEPTH = 8;

/**
 * The beginning of a structure as JSON, or nearly so: empty where it says nothing. Bounded, whatever it is, and never throws:
 * a part that cannot be read is left out.
 */
export function bodyOutline(body: object): string {
  const outline = new Outline();
  outline.addPart({ body }, 'body', 0);
  return outline.isEmpty ? '' : outline.text;
}

class Outline {
  text = '';
  /** Whether there is neither a value nor a name yet. */
  isEmpty = true;

  addPart(owner: object, key: string | number, depth: number): void {
    try {
      this.#add(Reflect.get(owner, key), depth);
    } catch {
      // What cannot be read is missing.
    }
  }

  #add(value: unknown, depth: number): void {
    const text = value === null ? 'null' : scalarText(value);
    if (typeof value === 'string') this.#addText(value);
    else if (text !== undefined) this.#addScalar(text);
    else if (typeof value === 'object' && value !== null) this.#addObject(value, depth);
  }

  #addText(text: string): void {
    this.#addScalar(`"${cutText(text, MAX_UNITS)}"`);
  }

  #addScalar(text: string): void {
    this.text += text;
    this.isEmpty = false;
  }

  #addObject(value: object, depth: number): void {
    // Bytes are many, and differ.
    if (depth >= MAX_DEPTH || ArrayBuffer.isView(value)) return;
    if (value instanceof Error) this.#addText(`${value.name}: ${value.message}`);
    else if (Array.isArray(value)) this.#addList(value, depth);
    else this.#addEntries(value, depth);
  }

  #addList(list: readonly unknown[], depth: number): void {
    this.text += '[';
    for (let index = 0; index < list.length && this.text.length < MAX_UNITS; index += 1) {
      if (index > 0) this.text += ',';
      this.addPart(list, index, depth + 1);
    }
    this.text += ']';
  }

  #addEntries(value: object, depth: number): void {
    this.text += '{';
    for (const [index, key] of Object.keys(value).entries()) {
      if (this.text.length >= MAX_UNITS) break;
      if (index > 0) this.text += ',';
      this.#addText(key);
      this.text += ':';
      this.addPart(value, key, depth + 1);
    }
    this.text += '}';
  }
}
