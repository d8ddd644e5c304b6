import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { cutText, readFieldText, wellFormed } from '@spillway/core';

import type { FieldChoice } from '../rules/resolved-rule.ts';

const MAX_UNITS = 256;

/**
 * The text of the first field that has one, well-formed and at most 256 UTF-16 units of it; undefined where none has. An empty
 * text is none, and so are lists, objects and what cannot be read. Never throws.
 */
export function readChoice(choice: FieldChoice, record: ReadableLogRecord): string | undefined {
  for (const source of choice) {
    const text = readText(source, record);
    if (text !== undefined && text !== '') return wellFormed(cutText(text, MAX_UNITS));
  }
  return undefined;
}

function readText(source: FieldChoice[number], record: ReadableLogRecord): string | undefined {
  try {
    return readFieldText(source, record);
  } catch {
    return undefined;
  }
}
