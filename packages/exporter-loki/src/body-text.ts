import { toPlainValue } from '@spillway/core';

import { MAX_LINE_BYTES } from './loki-limits.ts';
import { valueText } from './value-text.ts';

/** A text of at most this many UTF-16 units fits into a line, whatever its characters. */
export const MAX_SURE_LINE_CHARACTERS: number = Math.floor(MAX_LINE_BYTES / 3);

/** The body of a record as a line, not yet cut to a line's length. Never throws. */
export function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : valueText(toPlainValue(body));
}
