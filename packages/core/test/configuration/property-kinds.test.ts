import {
  bySeverity,
  choice,
  component,
  flag,
  group,
  integer,
  type JsonSchema,
  list,
  milliseconds,
  number,
  objectSchema,
  type Properties,
  property,
  recordConditions,
  recordField,
  required,
  severityName,
  severityNumber,
  table,
  text,
  timeLimit,
  toOptions,
} from '@spillway/core/component-provider';
import { expect, test } from 'vitest';

/** Schema of a property, without its description. */
function schemaOf(properties: Properties): Record<string, JsonSchema> {
  const schemas = Object.entries(properties).map(([name, { schema }]) => {
    const { description, ...rest } = schema;
    expect(description).toBe('Text.');
    return [name, rest] as const;
  });
  return Object.fromEntries(schemas);
}

/** What becomes of the value of a property. */
function optionOf(one: Properties[string], value: unknown): unknown {
  return toOptions({ some_value: one }, { some_value: value })['someValue'];
}

test('scalars have the schemas of their kinds, and their values are the options', () => {
  const properties = {
    text: text('Text.'),
    secret: text('Text.', { isSecret: true, pattern: '^a' }),
    flag: flag('Text.', { default: true }),
    integer: integer('Text.'),
    number: number('Text.', { min: 1, max: 2, default: 1.5 }),
    delay: milliseconds('Text.', { min: 1 }),
  };
  expect(schemaOf(properties)).toEqual({
    text: { type: 'string', minLength: 1 },
    secret: { type: 'string', pattern: '^a', writeOnly: true },
    flag: { type: 'boolean', default: true },
    integer: { type: 'integer', minimum: 0 },
    number: { type: 'number', minimum: 1, maximum: 2, default: 1.5 },
    delay: { type: 'number', minimum: 1, maximum: 2 ** 31 - 1 },
  });
  const values = { text: 'a', flag: false, integer: 0 };
  expect(toOptions(properties, values)).toEqual(values);
});

test('words are in kebab-case as options', () => {
  const overflow = choice('Text.', ['drop_oldest', 'drop_newest'], { default: 'drop_oldest' });
  expect(schemaOf({ overflow })['overflow']).toEqual({
    type: 'string',
    enum: ['drop_oldest', 'drop_newest'],
    default: 'drop_oldest',
  });
  expect(optionOf(overflow, 'drop_newest')).toBe('drop-newest');
});

test('severities have the names and the numbers of OpenTelemetry', () => {
  const severity = severityNumber('Text.', { hasNone: true });
  const names = schemaOf({ severity })['severity']?.['enum'] as string[];
  expect(names.length).toBe(25);
  expect(names.slice(0, 24).map((name) => optionOf(severity, name))).toEqual(
    Array.from({ length: 24 }, (_, index) => index + 1),
  );
  expect(['warn', 'error2', 'none'].map((name) => optionOf(severity, name))).toEqual([13, 18, Infinity]);
  expect(severityNumber('Text.').schema['enum']).not.toContain('none');
  expect(optionOf(severityName('Text.'), 'warn')).toBe('WARN');
  expect(optionOf(bySeverity('Text.', number('Text.')), { debug: 0.1, fatal: 1 })).toEqual({ DEBUG: 0.1, FATAL: 1 });
});

test('fields of records have the names of options, and keys of attributes stay as they are', () => {
  const field = recordField('Text.');
  expect(
    ['severity', 'scope', 'event_name', 'attributes.http_route', 'resource.a.b'].map((name) => optionOf(field, name)),
  ).toEqual(['severity', 'scope', 'eventName', 'attributes.http_route', 'resource.a.b']);
  const pattern = new RegExp(field.schema['pattern'] as string, 'u');
  expect(['body', 'attributes.', 'attribute.x', 'eventName'].filter((name) => pattern.test(name))).toEqual([]);
});

test('lists, tables and groups make options of what is in them', () => {
  const severity = severityNumber('Text.');
  expect(optionOf(list('Text.', severity), ['warn', 'error'])).toEqual([13, 17]);
  expect(optionOf(list('Text.', text('Text.')), ['a'])).toEqual(['a']);
  expect(optionOf(table('Text.', severity), { some_name: 'warn' })).toEqual({ some_name: 13 });
  expect(
    optionOf(group('Text.', { min_severity: severity, of: text('Text.', { option: 'other' }) }), {
      min_severity: 'warn',
      of: 'a',
    }),
  ).toEqual({ minSeverity: 13, other: 'a' });
  expect(schemaOf({ list: list('Text.', text('Item.'), { minItems: 1 }) })['list']).toEqual({
    type: 'array',
    items: { type: 'string', minLength: 1, description: 'Item.' },
    minItems: 1,
  });
});

test('conditions of records are options of record conditions', () => {
  const conditions = recordConditions('Text.');
  expect(optionOf(conditions, [{ min_severity: 'warn', event_name: 'a', attributes: { some_key: 1 } }])).toEqual([
    { minSeverity: 13, eventName: 'a', attributes: { some_key: 1 } },
  ]);
  expect(conditions.schema).toMatchObject({ type: 'array', minItems: 1 });
});

test('a component is a reference to the schema of its type, and its option is the component itself', () => {
  const made = {};
  expect(component('LogRecordExporter', 'Text.').schema).toEqual({
    $ref: '#/$defs/LogRecordExporter',
    description: 'Text.',
  });
  expect(optionOf(component('LogRecordExporter', 'Text.'), made)).toBe(made);
});

test('an object has its properties, those that are required, and no others', () => {
  const schema = objectSchema({ a: required(text('A.')), b: property({ const: 1 }, 'B.') });
  expect(schema).toEqual({
    type: 'object',
    properties: { a: { type: 'string', minLength: 1, description: 'A.' }, b: { const: 1, description: 'B.' } },
    required: ['a'],
    additionalProperties: false,
  });
  expect(objectSchema({})).toEqual({ type: 'object', properties: {}, additionalProperties: false });
});

test('null counts as left out, and what there is not is refused without its value', () => {
  expect(toOptions({ a: text('A.'), b: text('B.') }, { a: null, b: undefined })).toEqual({});
  expect(() => toOptions({}, { pasword: 'hunter2' })).toThrow(
    new TypeError('Expected `pasword` to be left out: there is no such property.'),
  );
  expect(() => toOptions({}, { constructor: 1 })).toThrow('Expected `constructor` to be left out');
});

test('a limit of time is a whole number of milliseconds, and 0 is none: as long as a timer can hold', () => {
  const limit = timeLimit('How long it may take.', { default: 5 });
  expect(limit.schema).toEqual({
    type: 'integer',
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 5,
    description: 'How long it may take. 0: no limit.',
  });
  expect([0, 1, 2 ** 31 - 1].map((value) => optionOf(limit, value))).toEqual([2 ** 31 - 1, 1, 2 ** 31 - 1]);
});
