const CONTROL_CHARACTERS = /\p{Cc}+/gu;

/** The beginning of what somebody else has written, on one line: safe to put into a message. */
export function excerpt(text: string, maxCharacters: number): string {
  const line = text.replaceAll(CONTROL_CHARACTERS, ' ').trim();
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 3)}...` : line;
}
