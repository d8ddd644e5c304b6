import { cutText, wellFormed } from '@spillway/core';

/** Longer texts would bloat each scrape; nobody reads them to the end. */
const MAX_CHARACTERS = 1024;

/**
 * A text as Prometheus can take it: at most 1,024 UTF-16 units, and well-formed, or it would refuse the whole scrape. What
 * is not becomes `?`, and so does U+FFFD, because no query can have it.
 * @see https://github.com/prometheus/prometheus/blob/main/promql/parser/lex.go (`lexString`; read 2026-11-21)
 */
export function safeText(text: string): string {
  return wellFormed(cutText(text, MAX_CHARACTERS)).replaceAll('\u{fffd}', '?');
}
