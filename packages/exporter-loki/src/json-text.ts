import { wellFormed } from '@spillway/core';

/**
 * Texts that go into JSON as they are: no quote, backslash, control character or surrogate. Anchored, because that
 * form is the fastest one V8 has (0.9 ns per character, against 1.4 for a search and 4 for `JSON.stringify`).
 */
// oxlint-disable-next-line eslint/no-control-regex -- it is control characters that are told apart
const PLAIN_TEXT = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;
// oxlint-disable-next-line eslint/no-control-regex -- it is control characters that are told apart
const PLAIN_OR_PAIRED_TEXT = /^[^"\\\u0000-\u001f]*$/;

/** A text as it stands between the quotes of a JSON string. */
export function escapeJson(text: string): string {
  if (PLAIN_TEXT.test(text)) return text;
  // Most texts with surrogates have them in pairs, as emoji are written: they need no escape either.
  const whole = wellFormed(text);
  return PLAIN_OR_PAIRED_TEXT.test(whole) ? whole : JSON.stringify(whole).slice(1, -1);
}
