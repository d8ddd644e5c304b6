import type { JsonSchema } from '@spillway/core/component-provider';

/** The keywords that rules are made of. */
interface Keywords {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Keywords[];
  readonly oneOf?: readonly Keywords[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const NOUNS: Readonly<Record<string, (schema: Keywords) => string>> = {
  integer: (schema) => `an integer${range(schema)}`,
  number: (schema) => `a number${range(schema)}`,
  string: text,
  boolean: () => 'a boolean',
  array: list,
  object: ({ maxProperties, properties = {} }) =>
    maxProperties === 1 ? `an object with one of ${namesOf(properties)}` : 'an object',
};

/**
 * What a value must be, in the words of option messages: `an integer from 1 and up`.
 *
 * @param complaint the validator's words, for what has no other
 */
export function ruleOf(schema: JsonSchema, complaint = 'must be what its schema says'): string {
  return rule(schema) ?? `valid: it ${complaint}`;
}

function rule(schema: Keywords): string | undefined {
  const { const: constant, enum: words, anyOf: forms = schema.oneOf, type = [] } = schema;
  if (constant !== undefined) return JSON.stringify(constant);
  if (words !== undefined) return `one of ${listed(words)}`;
  const rules = forms?.map(rule) ?? [type].flat().map((name) => NOUNS[name]?.(schema));
  return [...new Set(rules.filter((form) => form !== undefined))].join(' or ') || undefined;
}

function namesOf(properties: object): string {
  const names = Object.keys(properties).map((name) => `\`${name}\``);
  return names.length > 0 ? names.join(', ') : 'its properties';
}

/** Severities have four names each, of which one is enough to be understood. */
function listed(words: readonly unknown[]): string {
  const isNumbered = (word: unknown): boolean =>
    /[2-4]$/.test(String(word)) && words.includes(String(word).replace(/[2-4]$/, ''));
  const named = words
    .filter((word) => !isNumbered(word))
    .map((word) => JSON.stringify(word))
    .join(', ');
  return words.some(isNumbered) ? `${named}, with or without 2, 3 or 4 at the end` : named;
}

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Keywords): string {
  const from = minimum === undefined ? exclusive('above', exclusiveMinimum) : ` from ${minimum}`;
  const to = maximum === undefined ? exclusive('below', exclusiveMaximum) : ` to ${maximum}`;
  if (minimum !== undefined && to === '') return `${from} and up`;
  return from === '' && maximum !== undefined ? ` up to ${maximum}` : from + to;
}

function exclusive(word: string, bound: number | undefined): string {
  return bound === undefined ? '' : ` ${word} ${bound}`;
}

function text({ pattern, minLength, maxLength }: Keywords): string {
  if (pattern !== undefined) return `a string that matches ${pattern}`;
  if (maxLength !== undefined) return `a string of at most ${maxLength} characters`;
  return minLength === undefined ? 'a string' : 'a string that is not empty';
}

function list({ minItems = 0, maxItems }: Keywords): string {
  if (maxItems !== undefined) return `a list of ${minItems} to ${maxItems} items`;
  if (minItems <= 1) return minItems === 1 ? 'a list that is not empty' : 'a list';
  return `a list of at least ${minItems} items`;
}
