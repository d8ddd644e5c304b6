import { ALPHANUMERIC, DIGIT, isWordAt, kindOf, MAIL } from './character-kinds.ts';

/** A part of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Behind all texts that are masked. */
export const NO_SPAN: Span = { start: 0x7fff, end: 0x7fff };

const AT = 0x40;
const DASH = 0x2d;
const DOT = 0x2e;
const NONE = -1;

/** The first e-mail address from here on. The text is UTF-8, and a zero byte follows it. */
export function findMail(text: Uint8Array, from: number, end: number): Span {
  let floor = from;
  for (let at = from; at < end; at += 1) {
    if (text[at] !== AT) continue;
    const start = localStart(text, at, floor);
    const mailEnd = start < at ? domainEnd(text, at) : NONE;
    if (mailEnd !== NONE) return { start, end: mailEnd };
    floor = at + 1;
  }
  return NO_SPAN;
}

function localStart(text: Uint8Array, at: number, floor: number): number {
  let start = at;
  while (start > floor && kindOf(text[start - 1] as number) & (ALPHANUMERIC | MAIL)) start -= 1;
  return start;
}

/** End of the domain behind an `@`; -1 where it has no dot, or ends in what is no top-level domain. */
function domainEnd(text: Uint8Array, at: number): number {
  let end = NONE;
  let start = at + 1;
  let labelEnd = hostLabelEnd(text, start);
  while (labelEnd > start) {
    const isTop = start > at + 1 && labelEnd - start > 1 && kindOf(text[labelEnd - 1] as number) !== DIGIT;
    end = isTop ? labelEnd : NONE;
    if (text[labelEnd] !== DOT) break;
    start = labelEnd + 1;
    labelEnd = hostLabelEnd(text, start);
  }
  return end;
}

function hostLabelEnd(text: Uint8Array, start: number): number {
  let at = start;
  while (isWordAt(text, at) || text[at] === DASH) at += 1;
  return at;
}
