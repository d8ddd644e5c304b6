import { cutText } from '@spillway/core';

/**
 * A text of at most so many UTF-16 units, 2 and up: what is longer ends in `…`, and no code point is cut in two. Well-formed,
 * and a copy, because a part of a longer text keeps all of that in memory.
 */
export function shorten(text: string, maxCharacters: number): string {
  return Buffer.from(text.length > maxCharacters ? `${cutText(text, maxCharacters - 1)}…` : text).toString();
}

/** A text of somebody else, shortened; undefined where it is none, or blank. */
export function shortenOrNone(text: unknown, maxCharacters: number): string | undefined {
  return typeof text === 'string' && /\S/.test(text) ? shorten(text, maxCharacters) : undefined;
}
