import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { answerOf, excerpt } from '@spillway/core';

import { boundedValue } from './bounded-value.ts';
import { MAX_SUMMARY_CHARACTERS } from './event-limits.ts';
import { readField } from './read-field.ts';
import { attributeText, fieldText, resourceName } from './record-text.ts';
import { severityName } from './severity-of.ts';
import { shorten } from './shorten-text.ts';
import { SizeBudget } from './size-budget.ts';

type MakeSummary = (record: ReadableLogRecord) => string;
type OnError = (error: unknown) => void;

/** Read of a line before it is cleaned: what control characters become may be less. */
const MAX_LINE_CHARACTERS = 4 * MAX_SUMMARY_CHARACTERS;
const NO_TEXT = 'a record without a text';

/**
 * The headline of an incident: what `summary` of the rule makes, or else `[ERROR] <service.name>: <text>`, where the text is
 * the first line of the body, or type and message of the exception, or the event name. At most 1,024 UTF-16 units, never
 * empty. Never throws: where `summary` does, or gives no text, `onError` is told.
 */
export function alertSummary(record: ReadableLogRecord, summary: MakeSummary | undefined, onError: OnError): string {
  return summaryOf(record, summary, onError, () => {
    const headline = [resourceName(record, 'service.name'), recordLine(record)].filter((part) => part !== undefined);
    return `[${severityName(readField(record, 'severityNumber'))}] ${headline.join(': ')}`;
  });
}

/** The headline of a change: what `summary` of the rule makes, or else service, event name and the text of the record. */
export function changeSummary(record: ReadableLogRecord, summary: MakeSummary | undefined, onError: OnError): string {
  return summaryOf(record, summary, onError, () => {
    const [eventName, line] = [fieldText(readField(record, 'eventName')), recordLine(record)];
    const parts = [resourceName(record, 'service.name'), eventName, line === eventName ? undefined : line];
    return parts.filter((part) => part !== undefined).join(': ');
  });
}

function summaryOf(
  record: ReadableLogRecord,
  summary: MakeSummary | undefined,
  onError: OnError,
  defaultSummary: () => string,
): string {
  const own = summary === undefined ? '' : ownSummary(record, summary, onError);
  return shorten(own === '' ? oneLine(defaultSummary()) : own, MAX_SUMMARY_CHARACTERS);
}

function ownSummary(record: ReadableLogRecord, summary: MakeSummary, onError: OnError): string {
  try {
    const answer = answerOf(summary(record));
    const text = typeof answer === 'string' ? oneLine(answer) : '';
    if (text !== '') return text;
    onError(new TypeError('The function `summary` answers with no text.'));
  } catch (error) {
    onError(error);
  }
  return '';
}

/** What a record says, in a line. */
function recordLine(record: ReadableLogRecord): string {
  const body = readField(record, 'body');
  return (
    firstLine(fieldText(body)) ??
    exceptionLine(record) ??
    fieldText(readField(record, 'eventName')) ??
    objectLine(body) ??
    NO_TEXT
  );
}

function exceptionLine(record: ReadableLogRecord): string | undefined {
  const parts = [attributeText(record, 'exception.type'), firstLine(attributeText(record, 'exception.message'))];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(': ');
}

function objectLine(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  return JSON.stringify(boundedValue(body, new SizeBudget(MAX_SUMMARY_CHARACTERS, MAX_LINE_CHARACTERS)));
}

function firstLine(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /\S.*/.exec(text)?.[0];
}

function oneLine(text: string): string {
  return excerpt(shorten(text, MAX_LINE_CHARACTERS), MAX_LINE_CHARACTERS);
}
