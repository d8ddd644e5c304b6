/** Characters that begin a new line or move the cursor of a terminal. */
const CONTROL_CHARACTERS = /\p{Cc}+/gu;

/** The beginning of what somebody else has written, on one line: safe to put into a message. */
export function excerpt(text: string, maxCharacters: number): string {
  const line = onOneLine(text).trim();
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 3)}...` : line;
}

/** What is quoted must not look like other messages. */
export function onOneLine(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, ' ');
}
