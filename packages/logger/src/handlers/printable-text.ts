import { cutText, type PlainValue, toPlainValue, wellFormed } from '@spillway/core';

import { jsonText } from '../attributes/json-text.ts';

/**
 * What moves a cursor, colours, ends a line or turns the direction of text: control characters (C0, C1, with them ANSI
 * escapes), line and paragraph separator, and the marks, embeddings, overrides and isolates of bidirectional text.
 */
const CONTROLS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const MAX_VALUE_CHARACTERS = 1024;
const MAX_NAME_CHARACTERS = 256;
/** What can be told from what stands around it without quotes. */
const BARE = /^[^\s"'=]+$/u;

/** A text that prints on one line as what it is: nothing in it can pass for another line, or change what is shown. */
export function printable(text: string, maxCharacters: number): string {
  const cut = cutText(text, maxCharacters);
  const escaped = wellFormed(cut).replaceAll(CONTROLS, escapeOf);
  return cut.length < text.length ? `${escaped}…` : escaped;
}

/** A name as it stands before `=`: quoted where it could pass for several, or for a name and a value. */
export function printableName(name: string): string {
  return printable(quotedUnlessBare(name), MAX_NAME_CHARACTERS);
}

/** A value as it stands behind `name=`: quoted where it would run into its neighbours. */
export function printableValue(value: unknown): string {
  const plain = toPlainValue(value);
  if (typeof plain !== 'string') return printable(textOf(plain), MAX_VALUE_CHARACTERS);
  return printable(quotedUnlessBare(plain), MAX_VALUE_CHARACTERS);
}

function quotedUnlessBare(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}

/** A number that JSON has no text for is shown as well. */
function textOf(plain: PlainValue): string {
  return typeof plain === 'object' ? jsonText(plain) : String(plain);
}

function escapeOf(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
