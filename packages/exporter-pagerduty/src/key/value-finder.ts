import { colonAddressEnd, colonsEnd, uuidEnd } from './address-forms.ts';
import { isWordAt, kindOf, NOT_ASCII, OPENER } from './character-kinds.ts';
import { findMail, NO_SPAN, type Span } from './mail-forms.ts';
import { beginsAsJson, isQuery, queryEnd, quoteEnd } from './text-forms.ts';

/** A run of hexadecimal letters so long is an id, not a word. */
const MIN_HEX_ID = 8;
const UUID_GROUP = 8;

const COLON = 0x3a;
const DASH = 0x2d;
const SLASH = 0x2f;
const NONE = -1;

/**
 * Finds the values of a text that depend on what is around them. It remembers where it has looked in vain, so that a text made
 * to be slow is none. What answers where a value ends answers -1 where there is none.
 */
export class ValueFinder {
  #text: Uint8Array = new Uint8Array();
  #end = 0;
  #isCut = false;
  #isJson = false;
  #hasAt = false;
  /** Up to here no address with colons begins. */
  #noAddressUntil = 0;
  /** Quotes that nothing closes any more. */
  #unclosed = '';

  /**
   * Begins with a text in UTF-8, which a zero byte follows.
   * @param isCut whether it is the beginning of a longer one
   * @param hasAt whether there may be e-mail addresses
   */
  start(text: Uint8Array, end: number, isCut: boolean, hasAt: boolean): void {
    this.#text = text;
    this.#end = end;
    this.#isCut = isCut;
    this.#isJson = beginsAsJson(text);
    this.#hasAt = hasAt;
    this.#noAddressUntil = 0;
    this.#unclosed = '';
  }

  /** The next e-mail address. */
  mail(from: number): Span {
    return this.#hasAt ? findMail(this.#text, from, this.#end) : NO_SPAN;
  }

  /** End of the id or address that begins with these hexadecimal digits. */
  hexIdEnd(start: number, end: number, numbers: number): number {
    const addressEnd = this.addressEnd(start, end);
    if (addressEnd !== NONE) return addressEnd;
    if (numbers === 0 && end - start < MIN_HEX_ID) return NONE;
    // Letters of another alphabet beside them: all of it is one word.
    const isAfterOther = start > 0 && (this.#text[start - 1] as number) >= NOT_ASCII;
    return isAfterOther || (this.#text[end] as number) >= NOT_ASCII ? NONE : end;
  }

  /** End of the UUID, or the address with colons, whose first group this is. */
  addressEnd(start: number, groupEnd: number): number {
    const next = this.#text[groupEnd];
    if (next === DASH && groupEnd - start === UUID_GROUP) return uuidEnd(this.#text, start);
    if (next !== COLON || start < this.#noAddressUntil) return NONE;
    this.#noAddressUntil = colonsEnd(this.#text, start);
    return colonAddressEnd(this.#text, start, this.#noAddressUntil);
  }

  /** End of the query behind this `?`, where a URL or path is before it and a name after it: `/users?id=5`. */
  queryEnd(mark: number): number {
    const isAfterPath = mark > 0 && (isWordAt(this.#text, mark - 1) || this.#text[mark - 1] === SLASH);
    return isAfterPath && isQuery(this.#text, mark + 1) ? queryEnd(this.#text, mark + 1) : NONE;
  }

  /** End of the text that this quote opens. */
  quotedEnd(start: number): number {
    const isOpening = start === 0 || kindOf(this.#text[start - 1] as number) & OPENER;
    const quote = String.fromCharCode(this.#text[start] as number);
    if (this.#isJson || !isOpening || this.#unclosed.includes(quote)) return NONE;
    const end = quoteEnd(this.#text, start, this.#end);
    if (end !== NONE) return end;
    if (this.#isCut) return this.#end;
    this.#unclosed += quote;
    return NONE;
  }
}
