import { cutText, toPlainValue } from '@spillway/core';

import { jsonText } from './json-text.ts';

/** An error as the semantic conventions describe one. */
export interface Exception {
  /** Such as `TypeError`; of a thrown value that is no error, `NonError`. */
  readonly type: string;
  readonly message: string;
  /** With the stacks of its causes, and of the errors that it stands for. Absent where there are none. */
  readonly stacktrace?: string;
}

/** Of an error that is no error, as JSON. */
const MAX_VALUE_CHARACTERS = 1024;
/** The ten frames that V8 keeps, with long paths, and a long message in front. */
const MAX_STACK_CHARACTERS = 8192;
/** An error, its causes and theirs. */
const MAX_ERRORS = 10;

/** Whether a value is an error, also of another realm. Never throws. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
  } catch {
    // A proxy may throw where it is asked what it is.
    return false;
  }
}

/** Describes what was thrown, which can be anything. Never throws. */
export function describeException(thrown: unknown): Exception {
  if (!isError(thrown)) return { type: 'NonError', message: textOf(thrown) };
  const type = typeOf(thrown);
  const message = readText(thrown, 'message') ?? '';
  const stacktrace = stacksOf(thrown);
  return stacktrace === '' ? { type, message } : { type, message, stacktrace };
}

/** Its name; of a class that did not set one, which has inherited `Error`, that of the class. */
function typeOf(error: Error): string {
  const name = readText(error, 'name');
  if (name !== undefined && name !== '' && name !== 'Error') return name;
  return readText(read(error, 'constructor'), 'name') || 'Error';
}

/** The stack of the error and of what led to it, in the way that Node prints it. */
function stacksOf(error: Error): string {
  const stacks: string[] = [];
  const seen = new Set<unknown>();
  const waiting: [label: string, value: unknown][] = [['', error]];
  while (waiting.length > 0 && seen.size < MAX_ERRORS) {
    const [label, value] = waiting.shift() as [string, unknown];
    if (seen.has(value)) continue;
    seen.add(value);
    const stack = isError(value) ? (readText(value, 'stack') ?? '') : textOf(value);
    if (stack !== '') stacks.push(label + cutText(stack, MAX_STACK_CHARACTERS));
    waiting.push(...linksOf(value));
  }
  return stacks.join('\n');
}

function linksOf(value: unknown): [label: string, value: unknown][] {
  if (!isError(value)) return [];
  const cause = read(value, 'cause');
  const errors = read(value, 'errors');
  const links: [string, unknown][] = cause === undefined ? [] : [['Caused by: ', cause]];
  // `AggregateError` says nothing itself.
  for (let index = 0; Array.isArray(errors) && index < MAX_ERRORS; index += 1) {
    const item = read(errors, index);
    if (item !== undefined) links.push([`Error ${index + 1}: `, item]);
  }
  return links;
}

function textOf(value: unknown): string {
  const plain = toPlainValue(value);
  return cutText(typeof plain === 'string' ? plain : jsonText(plain), MAX_VALUE_CHARACTERS);
}

function readText(source: unknown, key: string): string | undefined {
  const value = read(source, key);
  return typeof value === 'string' ? value : undefined;
}

function read(source: unknown, key: string | number): unknown {
  try {
    return Reflect.get(source as object, key);
  } catch {
    // A getter that throws, or a source that is no object.
    return undefined;
  }
}
