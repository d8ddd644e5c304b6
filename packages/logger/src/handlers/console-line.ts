import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { SEVERITY_NAMES, severityIndex } from '@spillway/core';

import {
  EXCEPTION_MESSAGE,
  EXCEPTION_STACKTRACE,
  EXCEPTION_TYPE,
  TOPIC_ATTRIBUTE,
} from '../attributes/attribute-names.ts';
import { printable, printableName, printableValue } from './printable-text.ts';

const MAX_MESSAGE_CHARACTERS = 16_384;
const MAX_STACK_LINES = 200;
/** As many as the SDK keeps. */
const MAX_ATTRIBUTES = 128;

/** Shown at their own places. */
const PLACED: ReadonlySet<string> = new Set([TOPIC_ATTRIBUTE, EXCEPTION_TYPE, EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE]);

/** SGR codes of the levels, from TRACE to FATAL: dim, cyan, green, yellow, red, white on red. */
const LEVEL_CODES = ['2', '36', '32', '33', '31', '37;41'];
const DIM = '2';
const BOLD = '1';

/**
 * A record as people read it: time, level, topic, message and context, then the exception, indented. A record of another
 * logger has no topic; its scope tells where it comes from.
 */
export function consoleLine(record: ReadableLogRecord, hasColors: boolean): string {
  const paint = (code: string, text: string): string => (hasColors ? `\u001b[${code}m${text}\u001b[0m` : text);
  const level = severityIndex(record.severityNumber);
  const { [TOPIC_ATTRIBUTE]: topic = record.instrumentationScope?.name } = record.attributes;
  const parts = [
    paint(DIM, timeOf(record.hrTime)),
    paint(LEVEL_CODES[level] as string, (SEVERITY_NAMES[level] as string).padEnd(5)),
  ];
  if (topic !== undefined) parts.push(paint(BOLD, printableValue(topic)));
  parts.push(messageOf(record), ...contextOf(record).map(([name, value]) => `${paint(DIM, `${name}=`)}${value}`));
  return [parts.join(' '), ...exceptionLines(record)].join('\n    ');
}

function timeOf([seconds, nanos]: ReadableLogRecord['hrTime']): string {
  return new Date(seconds * 1000 + Math.floor(nanos / 1e6)).toISOString();
}

function messageOf({ body, eventName }: ReadableLogRecord): string {
  if (typeof body === 'string') return printable(body, MAX_MESSAGE_CHARACTERS);
  return body === undefined && eventName !== undefined
    ? printable(eventName, MAX_MESSAGE_CHARACTERS)
    : printableValue(body);
}

function contextOf({ attributes }: ReadableLogRecord): [name: string, value: string][] {
  return Object.entries(attributes)
    .filter(([name, value]) => value !== undefined && !PLACED.has(name))
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, value]) => [printableName(name), printableValue(value)]);
}

function exceptionLines({ attributes }: ReadableLogRecord): string[] {
  const { [EXCEPTION_STACKTRACE]: stack, [EXCEPTION_TYPE]: type, [EXCEPTION_MESSAGE]: message } = attributes;
  if (typeof stack === 'string') {
    const lines = stack.split('\n', MAX_STACK_LINES);
    return lines.map((line) => printable(line, MAX_MESSAGE_CHARACTERS));
  }
  if (type === undefined && message === undefined) return [];
  return [
    [type, message]
      .filter((part) => part !== undefined)
      .map(printableValue)
      .join(': '),
  ];
}
