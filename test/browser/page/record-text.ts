const WORDS = ['checkout', 'cart', 'payment', 'inventory', 'session', 'search', 'profile', 'shipping'];
const BODY_BYTES = 200;

/** The body of record number `index`: some 200 bytes that no other record has. */
export function recordText(index: number): string {
  let text = `record ${index}:`;
  for (let word = index; text.length < BODY_BYTES; word = (word * 31 + 7) % 1_000_003) {
    text += ` ${WORDS[word % WORDS.length]}=${word}`;
  }
  return text;
}

/** The number of the record that has this body. */
export function recordIndex(text: string): number {
  return Number(/^record (\d+):/.exec(text)?.[1]);
}
