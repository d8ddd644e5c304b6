const SPECIAL = /[\\"\n]/;
const SPECIALS = /[\\"\n]/g;
const SPECIALS_BUT_QUOTES = /[\\\n]/g;

/** A text as it stands between quotes. */
export function escapeQuoted(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, escapeOne) : text;
}

/** A text as it stands at the end of a line, where quotes are nothing special. */
export function escapeLine(text: string): string {
  return text.replace(SPECIALS_BUT_QUOTES, escapeOne);
}

function escapeOne(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`;
}
