import { flatText } from './flat-text.ts';
import { escapeJson } from './json-text.ts';

/** How many fragments all caches of a table may still keep. */
export interface FragmentBudget {
  left: number;
}

/** Integers below this are looked up by index: status codes, durations, counts. */
const MAX_INTEGERS = 1024;
/** Texts kept per attribute: enough for methods, routes and hosts. */
const MAX_TEXTS = 64;
const MAX_TEXT_CHARACTERS = 64;
/** A cache that misses this often more than it hits is of no use ... */
const CREDIT = 64;
const MAX_CREDIT = 1024;
/** ... and is left alone for this many values before it is tried again. */
const PAUSE_VALUES = 8192;

/**
 * Encoded pairs of one attribute, by value. Most attributes have few values; for one that has a new text each time, such
 * as a request id, the cache notices that it does not help and stands aside.
 */
export class FragmentCache {
  readonly #prefix: string;
  readonly #budget: FragmentBudget;
  readonly #true: string;
  readonly #false: string;
  readonly #integers: (string | undefined)[] = [];
  readonly #texts = new Map<string, string>();
  #credit = CREDIT;
  #pause = 0;

  /** @param prefix what stands before each value */
  constructor(prefix: string, budget: FragmentBudget) {
    this.#prefix = prefix;
    this.#budget = budget;
    this.#true = flatText(`${prefix}true`);
    this.#false = flatText(`${prefix}false`);
  }

  ofBoolean(value: boolean): string {
    return value ? this.#true : this.#false;
  }

  ofNumber(value: number): string {
    if (!(value >= 0 && value < MAX_INTEGERS && Number.isInteger(value))) return this.#prefix + value;
    const known = this.#integers[value];
    if (known !== undefined) return known;
    const fragment = this.#prefix + value;
    if (this.#budget.left <= 0) return fragment;
    this.#budget.left -= 1;
    this.#integers[value] = flatText(fragment);
    return fragment;
  }

  /** `text` with the pair of a value. */
  appendText(text: string, value: string): string {
    if (this.#pause > 0) {
      this.#pause -= 1;
      // Added in this order, the text stays a list for V8, which is faster to write out than a tree.
      return text + this.#prefix + escapeJson(value);
    }
    const known = this.#texts.get(value);
    if (known === undefined) return text + this.#add(value);
    if (this.#credit < MAX_CREDIT) this.#credit += 1;
    return text + known;
  }

  #add(value: string): string {
    const fragment = this.#prefix + escapeJson(value);
    this.#credit -= 1;
    if (this.#credit <= 0) {
      this.#budget.left += this.#texts.size;
      this.#texts.clear();
      this.#credit = CREDIT;
      this.#pause = PAUSE_VALUES;
    } else if (this.#texts.size < MAX_TEXTS && value.length <= MAX_TEXT_CHARACTERS && this.#budget.left > 0) {
      this.#budget.left -= 1;
      this.#texts.set(value, flatText(fragment));
    }
    return fragment;
  }
}
