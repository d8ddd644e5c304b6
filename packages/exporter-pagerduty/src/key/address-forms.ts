import { ALPHANUMERIC, DIGIT, HEX, isWordAt, kindOf, runEnd } from './character-kinds.ts';

/*
 * Addresses and ids that one run of letters and digits does not show. All functions read a text in UTF-8 that a zero byte
 * follows, none further than that byte, and answer where the value ends, -1 where there is none.
 */

const NONE = -1;

const COLON = 0x3a;
const DASH = 0x2d;
const PERCENT = 0x25;

const UUID_LENGTH = 36;
/** The first 8, 4, 4 and 4 digits of a UUID have a dash behind them. */
const UUID_DASHES: ReadonlySet<number> = new Set([8, 13, 18, 23]);
/** Colons of a MAC address, which is the shortest of what has no `::`. */
const MIN_COLONS = 5;

/** A UUID: some have groups without a digit, which look like words. */
export function uuidEnd(text: Uint8Array, start: number): number {
  for (let index = 0; index < UUID_LENGTH; index += 1) {
    const byte = text[start + index] as number;
    if (UUID_DASHES.has(index) ? byte !== DASH : !(kindOf(byte) & HEX)) return NONE;
  }
  return isWordAt(text, start + UUID_LENGTH) ? NONE : start + UUID_LENGTH;
}

/** End of a run of hexadecimal digits and colons, which may be an address. */
export function colonsEnd(text: Uint8Array, start: number): number {
  let at = start;
  while (text[at] === COLON || kindOf(text[at] as number) & HEX) at += 1;
  return at;
}

/** An IPv6 or MAC address, with its zone, where such a run is one. */
export function colonAddressEnd(text: Uint8Array, start: number, end: number): number {
  let colons = 0;
  let isShort = false;
  let hasDigit = false;
  for (let at = start; at < end; at += 1) {
    if (text[at] === COLON) {
      colons += 1;
      isShort ||= text[at + 1] === COLON;
    } else hasDigit ||= kindOf(text[at] as number) === DIGIT;
  }
  if (!hasDigit || !(isShort || colons >= MIN_COLONS) || isWordAt(text, end)) return NONE;
  if (text[end] === PERCENT) return runEnd(text, end + 1, ALPHANUMERIC);
  const endsInOneColon = text[end - 1] === COLON && text[end - 2] !== COLON;
  return endsInOneColon ? end - 1 : end;
}
