/** Kinds of the bytes of UTF-8, as bits: what masking has to tell apart. What is not ASCII is none of them. */
export const DIGIT = 1;
/** `a` to `f`, in either case. */
const HEX_LETTER = 2;
/** All other letters. */
export const LETTER = 4;
export const SPACE = 8;
/** What stands within a value or between values of a list: `1.5`, `10:20`, `3, 4`. */
export const JOINER = 16;
/** What may stand before `@` beside letters and digits. */
export const MAIL = 32;
/** What a quoted text may follow. */
export const OPENER = 64;
export const QUOTE = 128;

export const LETTERS: number = HEX_LETTER | LETTER;
export const ALPHANUMERIC: number = DIGIT | LETTERS;
export const HEX: number = DIGIT | HEX_LETTER;

/** First byte of what is not ASCII. */
export const NOT_ASCII = 0x80;

const CHARACTERS: readonly (readonly [kind: number, characters: string])[] = [
  [DIGIT, '0123456789'],
  [HEX_LETTER, 'abcdefABCDEF'],
  [LETTER, 'ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ'],
  [SPACE, ' \t\n\v\f\r'],
  [JOINER, ',.:;-/+_'],
  [MAIL, '.-+_%'],
  [OPENER, ' \t\n\v\f\r([{=:,;</'],
  [QUOTE, '"\'`'],
];

const KINDS: Uint8Array = kindsOfBytes();

/** The kind of a byte, 0 to 255. */
export function kindOf(byte: number): number {
  return KINDS[byte] as number;
}

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256);
  for (const [kind, characters] of CHARACTERS) {
    for (const character of characters) {
      const byte = character.charCodeAt(0);
      kinds[byte] = (kinds[byte] as number) | kind;
    }
  }
  return kinds;
}

/** Whether a letter or digit is here. */
export function isWordAt(text: Uint8Array, at: number): boolean {
  return (kindOf(text[at] as number) & ALPHANUMERIC) !== 0;
}

/** End of the characters of some kinds from here on. The text must end in a character of another kind. */
export function runEnd(text: Uint8Array, start: number, kinds: number): number {
  let at = start;
  while (kindOf(text[at] as number) & kinds) at += 1;
  return at;
}
