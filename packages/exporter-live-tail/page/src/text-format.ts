import { SEVERITY_NAMES, type SeverityName, severityIndex } from '@spillway/core';

import type { LiveTailRecord, LiveTailValue } from '../../src/live-tail-client.ts';

/** More of a message does not fit into a row of any screen. */
const MAX_LINE_CHARACTERS = 600;

/** Colours of terminals, with which some applications write their messages. */
const TERMINAL_COLOUR = new RegExp(String.raw`\u{1B}\[[\d;]*m`, 'gu');
/** Characters that cannot be seen: controls, and marks that turn the direction of text or hide in it. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u{61C}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2069}\u{FEFF}]/gu;

const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export function formatCount(value: number): string {
  return count.format(value);
}

/** `14:03:59.007`, in the time zone of the page; `--:--:--.---` for a time that is none. */
export function formatTime(millis: number): string {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return '--:--:--.---';
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `2026-11-28T13:03:59.007Z`, or the number itself where it is no time. */
export function formatInstant(millis: number): string {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? String(millis) : date.toISOString();
}

/** Name of the range, and nothing for a record without severity. */
export function severityName({ severityNumber }: LiveTailRecord): SeverityName | undefined {
  const isKnown = typeof severityNumber === 'number' && severityNumber >= 1;
  return isKnown ? SEVERITY_NAMES[severityIndex(severityNumber)] : undefined;
}

/** A text as it is, anything else as JSON. */
export function formatValue(value: LiveTailValue, indent?: number): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, indent);
}

/** What a record says, as one line: its body, or the name of its event where it has none. */
export function messageOf({ body, eventName }: LiveTailRecord): string {
  return oneLine(body === undefined || body === null ? (eventName ?? '') : formatValue(body));
}

/** The attributes as one line, `key=value`, without those of an exception. */
export function attributesOf({ attributes }: LiveTailRecord): string {
  const parts: string[] = [];
  let length = 0;
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('exception.')) continue;
    const part = `${key}=${formatValue(value)}`;
    parts.push(part);
    length += part.length;
    if (length > MAX_LINE_CHARACTERS) break;
  }
  return oneLine(parts.join(' '));
}

/** `TypeError: x is not a function`, as one line; undefined without an exception. */
export function exceptionOf({ body, attributes }: LiveTailRecord): string | undefined {
  const [type, message] = [attributes['exception.type'], attributes['exception.message']].map((value) =>
    value === undefined || value === null ? '' : formatValue(value),
  ) as [string, string];
  if (type === '' && message === '') return undefined;
  // A logger that is given an error often makes its message the body: once is enough.
  const parts = [type, message === body ? '' : message].filter((part) => part !== '');
  return parts.length === 0 ? undefined : oneLine(parts.join(': '));
}

/** Makes a text one line in which every character can be seen, and which is no longer than a row can show. */
export function oneLine(text: string): string {
  const start = text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)}…` : text;
  const plain = start.replaceAll(TERMINAL_COLOUR, '').trim();
  return showUnseen(plain.replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ').replaceAll('\t', ' '));
}

/** Keeps line breaks and tabs, and lets every other character be seen. */
export function manyLines(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.split('\t').map(showUnseen).join('\t'))
    .join('\n');
}

function showUnseen(text: string): string {
  return text.replaceAll(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`);
}
