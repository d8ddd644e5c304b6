import { cutText } from '@spillway/core';

import { ALPHANUMERIC, DIGIT, JOINER, kindOf, LETTER, LETTERS, QUOTE, runEnd, SPACE } from './character-kinds.ts';
import { MaskedText } from './masked-text.ts';
import { isDateWord } from './text-forms.ts';
import { ValueFinder } from './value-finder.ts';

/** As far as a text is read: what tells problems apart stands at its beginning. */
const MAX_UNITS = 2048;
const MAX_BYTES = MAX_UNITS * 3;
/** Behind the text, for what looks a few bytes ahead. */
const PADDING = 8;
const DATE_WORD_LENGTH = 3;

const BLANK = 0x20;
const COLON = 0x3a;
const QUESTION_MARK = 0x3f;
const NONE = -1;

/**
 * Masks texts: keeps their words, and puts `<*>` in place of what differs from one record of a problem to the next. That is
 * numbers and what begins with one (`45ms`), ids (hexadecimal, UUID, or letters between digits), IP and MAC addresses,
 * timestamps, e-mail addresses, the query of a URL, and quoted texts, but not within JSON, where all texts are quoted. There
 * is one placeholder for all, because some ids happen to be numbers, and one for values in a row, because lists differ in
 * length. White space becomes one space.
 *
 * At most the first 2,048 UTF-16 units are read, in one pass over their bytes, in a time that grows as they do. Letters are as
 * they were, but those of quoted texts, URLs' queries, e-mail addresses, dates and ids.
 */
export class TextMasker {
  readonly #encoder: TextEncoder = new TextEncoder();
  #text: Uint8Array<ArrayBuffer> = new Uint8Array(MAX_BYTES + PADDING);
  #end = 0;
  #isCut = false;
  /** The text before, and its mask: in a storm it is often the same again. */
  #lastText: Uint8Array<ArrayBuffer> = new Uint8Array(MAX_BYTES + PADDING);
  #lastMask = '';
  readonly #values: ValueFinder = new ValueFinder();
  readonly #masked: MaskedText = new MaskedText(MAX_BYTES);
  /** What is before this has been added to the masked text. */
  #copied = 0;
  /** Whether only joiners have come since the last value: the next one is one with it. */
  #joins = false;

  /** The mask of a text: a text of its own, which keeps no other in memory. Never throws. */
  mask(text: string): string {
    const isCut = text.length > MAX_UNITS;
    const end = this.#encoder.encodeInto(cutText(text, MAX_UNITS), this.#text).written;
    if (end === this.#end && isCut === this.#isCut && this.#isLastText()) return this.#lastMask;
    this.#text[end] = 0;
    this.#end = end;
    this.#isCut = isCut;
    this.#values.start(this.#text, end, isCut, text.includes('@'));
    this.#lastMask = this.#readText();
    [this.#text, this.#lastText] = [this.#lastText, this.#text];
    return this.#lastMask;
  }

  #isLastText(): boolean {
    const text = this.#text;
    const lastText = this.#lastText;
    let at = 0;
    while (at < this.#end && text[at] === lastText[at]) at += 1;
    return at === this.#end;
  }

  #readText(): string {
    this.#masked.clear();
    this.#copied = 0;
    this.#joins = false;
    let at = 0;
    for (let mail = this.#values.mail(at); at < this.#end;) {
      at = this.#readUntil(mail.start, at);
      if (at === mail.start) at = this.#addValue(at, mail.end);
      if (at > mail.start) mail = this.#values.mail(at);
    }
    this.#masked.addWords(this.#text, this.#copied, this.#end);
    return this.#masked.toString();
  }

  /** Reads up to there, or a bit further. All that reads answers where it has ended. */
  #readUntil(limit: number, start: number): number {
    const text = this.#text;
    const end = Math.min(limit, this.#end);
    let at = start;
    while (at < end) {
      const byte = text[at] as number;
      const first = kindOf(byte);
      if (!(first & LETTERS)) {
        if (first === DIGIT) at = this.#readNumbered(at);
        else if (byte === BLANK && !(kindOf(text[at + 1] as number) & SPACE)) at += 1;
        else at = first & SPACE ? this.#readSpace(at) : this.#readMark(at, byte, first);
        continue;
      }
      // Most of a text is words: they are read here, because a call for each would cost more than all the rest.
      const wordStart = at;
      let kinds = 0;
      let kind = first;
      while (kind & LETTERS) {
        kinds |= kind;
        at += 1;
        kind = kindOf(text[at] as number);
      }
      if (kind === DIGIT) at = this.#readNumbered(wordStart);
      else if (at - wordStart === DATE_WORD_LENGTH || !(kinds & LETTER)) at = this.#readOddWord(wordStart, at, kinds);
      else this.#joins = false;
    }
    return at;
  }

  /** Reads a word that may be part of a date, or an id. */
  #readOddWord(start: number, end: number, kinds: number): number {
    const valueEnd = kinds & LETTER ? NONE : this.#values.hexIdEnd(start, end, 0);
    if (valueEnd !== NONE) return this.#addValue(start, valueEnd);
    if (end - start === DATE_WORD_LENGTH && isDateWord(this.#text, start)) return this.#addValue(start, end);
    this.#joins = false;
    return end;
  }

  /** Reads letters and digits, of which there are some. */
  #readNumbered(start: number): number {
    const text = this.#text;
    let kinds = 0;
    let last = 0;
    let numbers = 0;
    let digitsStart = start;
    let digitsEnd = start;
    let at = start;
    for (let kind = kindOf(text[at] as number); kind & ALPHANUMERIC; kind = kindOf(text[at] as number)) {
      if (kind === DIGIT) {
        if (last !== DIGIT) {
          numbers += 1;
          digitsStart = at;
        }
        digitsEnd = at + 1;
      }
      kinds |= kind;
      last = kind;
      at += 1;
    }
    const valueEnd = kinds & LETTER ? NONE : this.#values.hexIdEnd(start, at, numbers);
    if (valueEnd !== NONE) return this.#addValue(start, valueEnd);
    if (digitsStart === start || numbers > 1) return this.#addValue(start, at);
    return this.#addNumberedWord(digitsStart, digitsEnd, at);
  }

  #readSpace(start: number): number {
    const end = runEnd(this.#text, start + 1, SPACE);
    this.#masked.addWords(this.#text, this.#copied, start);
    this.#masked.addSpace();
    this.#copied = end;
    return end;
  }

  #readMark(start: number, byte: number, kind: number): number {
    let valueEnd = NONE;
    if (kind & QUOTE) valueEnd = this.#values.quotedEnd(start);
    else if (byte === COLON && this.#text[start + 1] === COLON) valueEnd = this.#values.addressEnd(start, start);
    if (valueEnd !== NONE) return this.#addValue(start, valueEnd);
    if (!(kind & JOINER)) this.#joins = false;
    const queryEnd = byte === QUESTION_MARK ? this.#values.queryEnd(start) : NONE;
    return queryEnd === NONE ? start + 1 : this.#addValue(start + 1, queryEnd);
  }

  /** Adds a word with a number in it or behind it, such as `worker12`. */
  #addNumberedWord(digitsStart: number, digitsEnd: number, end: number): number {
    this.#joins = false;
    this.#addValue(digitsStart, digitsEnd);
    this.#joins = digitsEnd === end;
    return end;
  }

  #addValue(start: number, end: number): number {
    if (this.#joins) this.#masked.endAtValue();
    else {
      this.#masked.addWords(this.#text, this.#copied, start);
      this.#masked.addValue();
    }
    this.#joins = true;
    this.#copied = end;
    return end;
  }
}
