import { ALPHANUMERIC, DIGIT, isWordAt, kindOf, MAIL, QUOTE, runEnd, SPACE } from './character-kinds.ts';

/*
 * Parts of a text that are values because of what they are part of. All functions read a text in UTF-8 that a zero byte
 * follows, none further than that byte.
 */

const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const DOUBLE_QUOTE = 0x22;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const NONE = -1;

const DATE_WORD_LENGTH = 3;
const DATE_WORDS: ReadonlySet<number> = new Set(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
    .concat(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
    .map((word) => threeBytes(new TextEncoder().encode(word), 0)),
);
/** What stands behind a weekday or month in a date: ` ,-/`. */
const DATE_JOINERS: ReadonlySet<number> = new Set([0x20, 0x2c, 0x2d, 0x2f]);
/** What ends the query of a URL besides white space and quotes: `)>]|}`, and the end of the text. */
const QUERY_ENDS: ReadonlySet<number> = new Set([0, 0x29, 0x3e, 0x5d, 0x7c, 0x7d]);

/** Whether a text is JSON of a structure. */
export function beginsAsJson(text: Uint8Array): boolean {
  if (text[0] !== OPENING_BRACE && text[0] !== OPENING_BRACKET) return false;
  const next = text[runEnd(text, 1, SPACE)];
  return next === DOUBLE_QUOTE || next === OPENING_BRACE;
}

/** Whether a name and `=` are here, as in the query of a URL. */
export function isQuery(text: Uint8Array, start: number): boolean {
  const end = runEnd(text, start, ALPHANUMERIC | MAIL);
  return end > start && text[end] === EQUALS;
}

/** End of the query of a URL. */
export function queryEnd(text: Uint8Array, start: number): number {
  let at = start;
  while (!(kindOf(text[at] as number) & (SPACE | QUOTE)) && !QUERY_ENDS.has(text[at] as number)) at += 1;
  return at;
}

/** Behind the quote that closes the one here; -1 where none does. An apostrophe within a word closes nothing. */
export function quoteEnd(text: Uint8Array, start: number, end: number): number {
  const quote = text[start];
  for (let at = start + 1; at < end; at += 1) {
    if (text[at] === quote && text[at - 1] !== BACKSLASH && !isWordAt(text, at + 1)) return at + 1;
  }
  return NONE;
}

/** Whether these three letters are a weekday or a month in a date: `Mon, 02 Jan 2006`, `Jan 2`, `02/Jan/2006`. */
export function isDateWord(text: Uint8Array, start: number): boolean {
  if (!DATE_WORDS.has(threeBytes(text, start))) return false;
  const end = start + DATE_WORD_LENGTH;
  let next = end;
  while (DATE_JOINERS.has(text[next] as number)) next += 1;
  if (next === end) return false;
  if (kindOf(text[next] as number) === DIGIT) return true;
  return DATE_WORDS.has(threeBytes(text, next)) && !isWordAt(text, next + DATE_WORD_LENGTH);
}

function threeBytes(text: Uint8Array, at: number): number {
  return (text[at] as number) | ((text[at + 1] as number) << 8) | ((text[at + 2] as number) << 16);
}
