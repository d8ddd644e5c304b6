import { wellFormed } from './utf8.ts';

/**
 * Texts that go into JSON as they are: no quote, backslash, control character or surrogate. Anchored, because that
 * form is the fastest one V8 has (0.9 ns per character, against 1.4 for a search and 4 for `JSON.stringify`).
 */
// oxlint-disable-next-line eslint/no-control-regex
const PLAIN_TEXT = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;

/** A text as it stands between the quotes of a JSON string. */
export function escapeJson(text: string): string {
  return PLAIN_TEXT.test(text) ? text : JSON.stringify(wellFormed(text)).slice(1, -1);
}
