import { wellFormed } from '@spillway/core';

/** Longer texts would bloat each scrape; nobody reads them to the end. */
const MAX_CHARACTERS = 1024;

/**
 * A text as Prometheus can take it: at most 1,024 UTF-16 units, and well-formed, or it would refuse the whole scrape. What
 * is not becomes `?`, and so does U+FFFD, because no query can have it.
 * @see https://github.com/prometheus/prometheus/blob/main/promql/parser/lex.go (`lexString`; read 2026-11-21)
 */
export function safeText(text: string): string {
  return wellFormed(shortened(text)).replaceAll('\u{fffd}', '?');
}

/** A copy, because a part of a longer text keeps all of that in memory. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

function shortened(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const last = text.charCodeAt(MAX_CHARACTERS - 1);
  const cutsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, cutsPair ? MAX_CHARACTERS - 1 : MAX_CHARACTERS);
}
