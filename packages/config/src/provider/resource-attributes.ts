import type { ATTRIBUTE_TYPES } from '../document/file-sections.ts';

export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** An attribute as the file has it. */
export interface AttributeEntry {
  readonly name: string;
  readonly value?: unknown;
  readonly type?: AttributeType;
}

type Scalar = string | number | boolean;

const RULES: Readonly<Record<string, string>> = {
  string: 'a string',
  bool: 'a boolean',
  int: 'an integer',
  double: 'a number',
};
const OF_LISTS = '_array';

/** What a value must be, in the words of option messages. */
export function attributeRule(type: AttributeType = 'string'): string {
  const isList = type.endsWith(OF_LISTS);
  const rule = RULES[isList ? type.slice(0, -OF_LISTS.length) : type] ?? 'a value';
  return `${isList ? 'a list, each item ' : ''}${rule}, as its type \`${type}\` says`;
}

/**
 * The value of an attribute as its type says, which also tells what a text means that came from the environment. Undefined
 * where it is no value of that type.
 */
export function typedValue(value: unknown, type: AttributeType | undefined): Scalar | Scalar[] | undefined {
  if (type === undefined) return value as Scalar | Scalar[];
  if (!type.endsWith(OF_LISTS)) return Array.isArray(value) ? undefined : typedScalar(value, type);
  const items = Array.isArray(value)
    ? value.map((item) => typedScalar(item, type.slice(0, -OF_LISTS.length)))
    : [undefined];
  return items.every((item) => item !== undefined) ? items : undefined;
}

function typedScalar(value: unknown, type: string): Scalar | undefined {
  if (type === 'string') return String(value);
  if (type === 'bool') return typeof value === 'boolean' ? value : { true: true, false: false }[String(value)];
  if (typeof value === 'boolean' || String(value).trim() === '') return undefined;
  const number = Number(value);
  const isRight = type === 'int' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isRight ? number : undefined;
}
