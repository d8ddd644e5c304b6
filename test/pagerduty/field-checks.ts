import { isJsonObject, type JsonObject } from './event-body.ts';

/**
 * What counts as one character. PagerDuty does not say. UTF-16 units are the most of all readings: what fits by them fits by code
 * points and by graphemes.
 */
export type CharacterUnit = 'utf-16-unit' | 'code-point';

/** What is wrong with a value, in PagerDuty's words where they are known; nothing where it is right. */
export type Check = (value: unknown, name: string) => readonly string[];

interface Field {
  readonly check: Check;
  /** Whether it must be there and must not be blank. @defaultValue false */
  readonly isRequired?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

/** What is wrong with the fields of an object. Names begin with `prefix`. */
export function checkFields(object: JsonObject, fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, { check, isRequired = false }]) => {
    const value = object[name];
    const fullName = prefix + name;
    if (isRequired && isBlank(value)) return [`'${fullName}' is missing or blank`];
    return value === undefined ? [] : check(value, fullName);
  });
}

/** Names of an object that are none of these fields. */
export function unknownNames(object: JsonObject, fields: Fields, prefix = ''): readonly string[] {
  return Object.keys(object)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => prefix + name);
}

export const anyText: Check = (value, name) => (typeof value === 'string' ? [] : [`'${name}' must be a string`]);

/** A text that is there is not blank, and has no more characters than this. */
export function textUpTo(maxCharacters: number, unit: CharacterUnit): Check {
  return (value, name) => {
    if (typeof value !== 'string') return anyText(value, name);
    if (isBlank(value)) return [`'${name}' is missing or blank`];
    const characters = unit === 'code-point' ? Array.from(value).length : value.length;
    return characters <= maxCharacters ? [] : [`'${name}' is too long (maximum is ${maxCharacters} characters)`];
  };
}

/** One of these texts, in exactly this case. */
export function oneOf(...choices: readonly string[]): Check {
  const quoted = choices.map((choice) => `'${choice}'`);
  const list = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return (value, name) =>
    typeof value === 'string' && choices.includes(value)
      ? []
      : [`'${name}' is invalid (must be one of the following: ${list})`];
}

/** An absolute URL with one of these protocols. */
export function webUrl(...protocols: readonly string[]): Check {
  return (value, name) => {
    if (typeof value !== 'string') return anyText(value, name);
    const isRight = URL.canParse(value) && protocols.includes(new URL(value).protocol);
    return isRight ? [] : [`'${name}' is invalid (must be a URL with ${protocols.join(' or ')})`];
  };
}

/** Like `check`, but an empty text is as good as none. */
export function orEmpty(check: Check): Check {
  return (value, name) => (value === '' ? [] : check(value, name));
}

export const anyObject: Check = (value, name) => (isJsonObject(value) ? [] : [`'${name}' must be an object`]);

export function objectWith(fields: Fields): Check {
  return (value, name) => (isJsonObject(value) ? checkFields(value, fields, `${name}.`) : anyObject(value, name));
}

export function listOf(check: Check): Check {
  return (value, name) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => check(item, `${name}[${index}]`))
      : [`'${name}' must be an array`];
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
