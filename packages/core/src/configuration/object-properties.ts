import { optionMessage } from '../option-checks.ts';
import { camelCase, type JsonSchema, type Properties } from './property.ts';

/** The schema of an object that has these properties and no others. */
export function objectSchema(properties: Properties): JsonSchema {
  const entries = Object.entries(properties);
  const required = entries.filter(([, { isRequired = false }]) => isRequired).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/**
 * Options of properties that fit their schemas. A property that is null counts as left out, unless it says what null means, as
 * in OpenTelemetry's files.
 *
 * @param field names the object in messages; '' for the properties of a component itself
 * @throws TypeError that names a property which there is not, or which is missing. No value is shown: one in the wrong
 * place may be a secret.
 */
export function toOptions(properties: Properties, values: unknown, field = ''): Record<string, unknown> {
  const given = checkNames(properties, values, field);
  const options: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const { option = camelCase(name), toOption, isRequired = false, nullValue } = property;
    const value = given[name] === null ? nullValue : given[name];
    if (value === undefined) {
      if (isRequired) throw new TypeError(`Expected \`${join(field, name)}\` to be given.`);
      continue;
    }
    const made = toOption === undefined ? value : toOption(value, join(field, name));
    options[option] = Object.hasOwn(options, option) ? { ...(options[option] as object), ...(made as object) } : made;
  }
  return options;
}

function checkNames(properties: Properties, values: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof values !== 'object' || values === null) {
    throw new TypeError(optionMessage(field === '' ? 'properties' : field, 'an object', values, '[redacted]'));
  }
  const stranger = Object.keys(values).find((name) => !Object.hasOwn(properties, name));
  if (stranger === undefined) return values as Readonly<Record<string, unknown>>;
  throw new TypeError(`Expected \`${join(field, stranger)}\` to be left out: there is no such property.`);
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
