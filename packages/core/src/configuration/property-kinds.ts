import { MAX_TIMER_MILLIS, type NumberRange, optionMessage } from '../option-checks.ts';
import { lowestSeverity, NUMBERS_PER_NAME, SEVERITY_NAMES } from '../severity.ts';
import type { ComponentType } from './component-provider.ts';
import { objectSchema, toOptions } from './object-properties.ts';
import { inNamesOf } from './property-names.ts';
import type { JsonSchema, Properties, Property, PropertyOptions } from './property.ts';

/** What a text may say besides. */
export interface TextOptions extends PropertyOptions<string> {
  /** Regular expression that it has to match. */
  readonly pattern?: string;
  /** Whether it is never shown: a password, a token, a key. @defaultValue false */
  readonly isSecret?: boolean;
}

/** A text that is not empty. */
export function text(description: string, { pattern, isSecret = false, ...options }: TextOptions = {}): Property {
  const shape = pattern === undefined ? { minLength: 1 } : { pattern };
  return property({ type: 'string', ...shape, ...(isSecret && { writeOnly: true }) }, description, options);
}

export function flag(description: string, options: PropertyOptions<boolean> = {}): Property {
  return property({ type: 'boolean' }, description, options);
}

/** A whole number within the range; from 0 where it says nothing. */
export function integer(
  description: string,
  { min = 0, max, ...options }: NumberRange & PropertyOptions<number> = {},
): Property {
  return property({ type: 'integer', minimum: min, ...(max !== undefined && { maximum: max }) }, description, options);
}

/** A number within the range; from 0 where it says nothing. */
export function number(
  description: string,
  { min = 0, max, ...options }: NumberRange & PropertyOptions<number> = {},
): Property {
  return property({ type: 'number', minimum: min, ...(max !== undefined && { maximum: max }) }, description, options);
}

/** A delay that a timer can hold, in milliseconds. */
export function milliseconds(
  description: string,
  { min = 0, ...options }: Pick<NumberRange, 'min'> & PropertyOptions<number> = {},
): Property {
  return number(description, { min, max: MAX_TIMER_MILLIS, ...options });
}

/**
 * The longest time that something may take, in whole milliseconds. 0 stands for no limit, as in OpenTelemetry's files: for the
 * 24 days that a timer can hold.
 */
export function timeLimit(description: string, options: PropertyOptions<number> = {}): Property {
  const limit = integer(`${description} 0: no limit.`, { max: MAX_TIMER_MILLIS, ...options });
  return { ...limit, toOption: (value) => (value === 0 ? MAX_TIMER_MILLIS : value) };
}

/** One of several words, in snake_case; the option has them in kebab-case. */
export function choice(description: string, words: readonly string[], options: PropertyOptions<string> = {}): Property {
  return property({ type: 'string', enum: words }, description, options, (word) =>
    typeof word === 'string' ? word.replaceAll('_', '-') : word,
  );
}

/**
 * A severity number by its name, as in OpenTelemetry's configuration: `warn`, `error2`. `none` stands for `Infinity` where
 * `hasNone` allows it: no record for its severity alone.
 */
export function severityNumber(
  description: string,
  { hasNone = false, ...options }: PropertyOptions<string> & { readonly hasNone?: boolean } = {},
): Property {
  const names = SEVERITY_NAMES.flatMap((name) =>
    Array.from({ length: NUMBERS_PER_NAME }, (_, index) => `${name.toLowerCase()}${index === 0 ? '' : index + 1}`),
  );
  const schema = { type: 'string', enum: hasNone ? [...names, 'none'] : names };
  const first = lowestSeverity('TRACE');
  return property(schema, description, options, (name) => {
    const index = names.indexOf(name as string);
    if (index >= 0) return first + index;
    return hasNone && name === 'none' ? Infinity : name;
  });
}

/** One of the six severities, whatever its number: `warn` stands for WARN to WARN4. */
export function severityName(description: string, options: PropertyOptions<string> = {}): Property {
  const schema = { type: 'string', enum: SEVERITY_NAMES.map((name) => name.toLowerCase()) };
  return property(schema, description, options, (name) => (typeof name === 'string' ? name.toUpperCase() : name));
}

/** A value for some of the six severities: `{ debug: 0.1 }`. */
export function bySeverity(description: string, value: Property, options: PropertyOptions<unknown> = {}): Property {
  const properties = Object.fromEntries(
    SEVERITY_NAMES.map((name) => [name.toLowerCase(), { ...value, option: name }] as const),
  );
  return group(description, properties, options);
}

/** A part of a record: `severity`, `scope`, `event_name`, `attributes.<key>` or `resource.<key>`. */
export function recordField(description: string, options: PropertyOptions<string> = {}): Property {
  const schema = { type: 'string', pattern: '^(severity|scope|event_name|(attributes|resource)\\..+)$' };
  return property(schema, description, options, (name) => (name === 'event_name' ? 'eventName' : name));
}

/** A list, with at least so many items. */
export function list(
  description: string,
  item: Property,
  { minItems = 0, ...options }: PropertyOptions<readonly unknown[]> & { readonly minItems?: number } = {},
): Property {
  const { toOption, properties } = item;
  const schema = { type: 'array', items: item.schema, ...(minItems > 0 && { minItems }) };
  const itemsToOption = (items: unknown, field: string): unknown[] => {
    if (!Array.isArray(items)) throw new TypeError(optionMessage(field, 'a list', items, '[redacted]'));
    return items.map((value, index) => (toOption === undefined ? value : toOption(value, `${field}[${index}]`)));
  };
  return { ...property(schema, description, options, itemsToOption), ...(properties !== undefined && { properties }) };
}

/** Values under names that are the user's own, such as attributes. */
export function table(description: string, value: Property, options: PropertyOptions<unknown> = {}): Property {
  const { toOption } = value;
  return property({ type: 'object', additionalProperties: value.schema }, description, options, (entries, field) =>
    toOption === undefined
      ? entries
      : Object.fromEntries(
          Object.entries(entries as object).map(([name, entry]) => [name, toOption(entry, `${field}.${name}`)]),
        ),
  );
}

/** What a group may say besides. */
export interface GroupOptions extends PropertyOptions<unknown> {
  /** Makes the option's value of the options that the properties stand for. @defaultValue it is these options */
  readonly make?: (options: Record<string, unknown>) => unknown;
}

/** Properties under a name. */
export function group(
  description: string,
  properties: Properties,
  { make = (made): unknown => made, ...options }: GroupOptions = {},
): Property {
  const toOption = (values: unknown, field: string): unknown => {
    const made = toOptions(properties, values, field);
    return inNamesOf(properties, field, () => make(made));
  };
  return { ...property(objectSchema(properties), description, options, toOption), properties };
}

/** A component, as a node of its name. */
export function component(type: ComponentType, description: string, options: PropertyOptions<never> = {}): Property {
  return property({ $ref: `#/$defs/${type}` }, description, options);
}

/** A property of a schema of its own. */
export function property<Value>(
  schema: JsonSchema,
  description: string,
  { default: fallback, option }: PropertyOptions<Value> = {},
  toOption?: Property['toOption'],
): Property {
  return {
    schema: { ...schema, description, ...(fallback !== undefined && { default: fallback }) },
    ...(option !== undefined && { option }),
    ...(toOption !== undefined && { toOption }),
  };
}
