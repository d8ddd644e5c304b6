import type { Attributes } from '@opentelemetry/api';
import { type PlainValue, toPlainValue } from '@spillway/core';

import { EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE, EXCEPTION_TYPE, TOPIC_ATTRIBUTE } from './attribute-names.ts';
import { attributeValue } from './attribute-value.ts';
import { describeException, isError } from './exception.ts';

/** Names under which an error in the context is the exception of the record, in this order. */
const ERROR_NAMES = ['error', 'err', 'exception'] as const;
/** Stands before a name that is taken, or that no attribute can have. */
const CONTEXT_PREFIX = 'context.';
/** Where a context goes that has no names itself. */
const CONTEXT_ATTRIBUTE = 'context';
/** What `exception.*` says already. */
const DESCRIBED_FIELDS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/**
 * The attributes of a record. Whatever the context is or does, this does not throw, and nothing of it is lost but what
 * the limits of `toPlainValue` cut.
 *
 * The topic and the exception come first, since a provider drops what is beyond its limit of attributes. Only names that
 * are whole numbers JavaScript puts before them.
 *
 * @param topic empty for none
 */
export function recordAttributes(topic: string, message: unknown, context: object | undefined): Attributes {
  if (typeof message !== 'string') return copied(topic, message, context);
  if (context === undefined) return ofTopic(topic);
  return flatAttributes(topic, context) ?? copied(topic, message, context);
}

function ofTopic(topic: string): Attributes {
  return topic === '' ? {} : { [TOPIC_ATTRIBUTE]: topic };
}

/** Of what most contexts are, a flat object of texts and numbers; undefined where it is anything else. */
function flatAttributes(topic: string, context: object): Attributes | undefined {
  try {
    const prototype: unknown = Object.getPrototypeOf(context);
    if (prototype !== Object.prototype && prototype !== null) return undefined;
    // What is looked at is the copy: a getter or proxy may answer otherwise each time.
    const attributes: Attributes = topic === '' ? { ...context } : { [TOPIC_ATTRIBUTE]: topic, ...context };
    return isFlat(attributes) && (topic === '' || attributes[TOPIC_ATTRIBUTE] === topic) ? attributes : undefined;
  } catch {
    // A getter or proxy of the application, or no object at all.
    return undefined;
  }
}

function isFlat(attributes: Attributes): boolean {
  for (const name in attributes) {
    const value = attributes[name];
    const type = typeof value;
    if (type !== 'string' && type !== 'number' && type !== 'boolean' && value !== null) return false;
    if (name === '' || name === '__proto__') return false;
  }
  return true;
}

function copied(topic: string, message: unknown, context: unknown): Attributes {
  const attributes = ofTopic(topic);
  const found: FoundError = isError(message) ? { error: message } : findError(context);
  if (found.error !== undefined) addException(attributes, found.error);
  if (isError(message) && message !== context) addOthers(attributes, 'error', toPlainValue(message));
  if (context === undefined || context === null) return attributes;
  const plain = toPlainValue(context);
  if (found.error === context) addOthers(attributes, 'error', plain);
  else if (isError(context)) add(attributes, 'error', plain);
  else if (isTable(plain)) addTable(attributes, plain, found.name);
  else add(attributes, CONTEXT_ATTRIBUTE, plain);
  return attributes;
}

interface FoundError {
  readonly error?: Error;
  /** Under which the context holds it. */
  readonly name?: string;
}

function findError(context: unknown): FoundError {
  if (isError(context)) return { error: context };
  try {
    for (const name of ERROR_NAMES) {
      const error: unknown = Reflect.get(context as object, name);
      if (isError(error)) return { error, name };
    }
  } catch {
    // A getter or proxy of the application, or no object at all.
  }
  return {};
}

function addException(attributes: Attributes, error: Error): void {
  const { type, message, stacktrace } = describeException(error);
  attributes[EXCEPTION_TYPE] = type;
  attributes[EXCEPTION_MESSAGE] = message;
  if (stacktrace !== undefined) attributes[EXCEPTION_STACKTRACE] = stacktrace;
}

/** @param described name of the value that `exception.*` describes */
function addTable(
  attributes: Attributes,
  plain: { readonly [name: string]: PlainValue },
  described: string | undefined,
): void {
  for (const [name, value] of Object.entries(plain)) {
    if (name === described) addOthers(attributes, name, value);
    else add(attributes, name, value);
  }
}

/** What an error has besides, such as the `code` of a system error. */
function addOthers(attributes: Attributes, name: string, error: PlainValue): void {
  if (!isTable(error)) return;
  const others = Object.entries(error).filter(([field]) => !DESCRIBED_FIELDS.has(field));
  if (others.length > 0) add(attributes, name, Object.fromEntries(others));
}

function add(attributes: Attributes, name: string, value: PlainValue): void {
  let free = name;
  while (free === '' || free === '__proto__' || Object.hasOwn(attributes, free)) free = CONTEXT_PREFIX + free;
  attributes[free] = attributeValue(value);
}

function isTable(plain: PlainValue): plain is { [key: string]: PlainValue } {
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain) && !(plain instanceof Uint8Array);
}
