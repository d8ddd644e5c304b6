/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A property of a component in a configuration file: its schema, and what becomes of its value. */
export interface Property {
  readonly schema: JsonSchema;
  /**
   * Name of the constructor's option. Tables of several properties can be one option; where they have the same key, that of
   * the property that is named last counts.
   * @defaultValue the property's name in camelCase
   */
  readonly option?: string;
  /** @defaultValue false */
  readonly isRequired?: boolean;
  /** What null stands for. @defaultValue it counts as left out */
  readonly nullValue?: unknown;
  /** Those that it has itself, or each of its items. @defaultValue none */
  readonly properties?: Properties;
  /**
   * Makes the option's value of a value that fits the schema. `field` names it in messages, such as `rules[0].ratio`.
   * @defaultValue it is the same
   */
  readonly toOption?: (value: unknown, field: string) => unknown;
}

export type Properties = Readonly<Record<string, Property>>;

/** What a property may say besides its kind and its description. */
export interface PropertyOptions<Value> {
  /** Value where it is left out, as a configuration file has it; left out where there is none. */
  readonly default?: Value;
  /** Name of the constructor's option. @defaultValue the property's name in camelCase */
  readonly option?: string;
}

/** The same property, but one that must be given. */
export function required(property: Property): Property {
  return { ...property, isRequired: true };
}

/** The same property, but one where null does not count as left out: it stands for another value. */
export function orNull(property: Property, nullValue: unknown): Property {
  const { schema } = property;
  return { ...property, nullValue, schema: { ...schema, type: [schema['type'], 'null'].flat() } };
}

/** `schedule_delay` in camelCase, as options are: `scheduleDelay`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
