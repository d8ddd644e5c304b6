import {
  bySeverity,
  defineComponentProvider,
  group,
  integer,
  list,
  milliseconds,
  number,
  orNull,
  type Properties,
  recordConditions,
  required,
  table,
  text,
  toOptions,
} from '@spillway/core/component-provider';
import { expect, test } from 'vitest';

import { inPropertyNames } from '../../src/configuration/property-names.ts';

const PROPERTIES: Properties = {
  endpoint: text('Address.', { option: 'url' }),
  schedule_delay: milliseconds('Delay.', { option: 'scheduledDelayMillis' }),
  max_size: integer('Size.'),
  ratios: bySeverity('Ratios.', number('Ratio.')),
  labels: table('Labels.', text('A label.')),
  gateway: group('Gateway.', {
    endpoint: text('Address.', { option: 'url' }),
    timeout: milliseconds('Time.', { option: 'timeoutMillis' }),
  }),
  rules: list('Rules.', group('A rule.', { min_value: integer('Value.'), when: recordConditions('Records.') })),
};

test.each([
  ['`url`', '`endpoint`'],
  ['`scheduledDelayMillis` less than `maxSize`', '`schedule_delay` less than `max_size`'],
  ['`ratios.DEBUG`', '`ratios.debug`'],
  ['`gateway.url`', '`gateway.endpoint`'],
  ['`rules[2].minValue`', '`rules[2].min_value`'],
  ['`rules[2].when[0].maxSeverity`', '`rules[2].when[0].max_severity`'],
  // What stands under a table is the user's own.
  ['`labels.maxSize`', '`labels.maxSize`'],
  // A part that checks options of its own does not name the way to them.
  ['`timeoutMillis`', '`timeout`'],
  ['one of `a`, `maxSize(` and `elsewhere.url`', 'one of `a`, `maxSize(` and `elsewhere.url`'],
  ['`maxSize` to be short, got `maxSize` (string)', '`max_size` to be short, got `maxSize` (string)'],
])('%s is told as %s', (options, properties) => {
  expect(inPropertyNames(options, PROPERTIES)).toBe(properties);
});

test('an error of options keeps its kind and is the cause of that of properties', () => {
  const failure = new RangeError('Expected `gateway.url` to be short.');
  const provider = defineComponentProvider({
    type: 'LogRecordExporter',
    name: 'failing',
    description: 'Fails.',
    properties: PROPERTIES,
    create: () => {
      throw failure;
    },
  });
  const error = new RangeError('Expected `gateway.endpoint` to be short.', { cause: failure });
  expect(() => provider.createComponent({})).toThrow(error);
});

test('what is made of a group tells of its properties where they are', () => {
  const made = group('Made.', { max_bytes: integer('Bytes.') }, { make: failToMake });
  const properties = { outer: list('List.', made) };
  expect(() => toOptions(properties, { outer: [{ max_bytes: 1 }] })).toThrow(
    new TypeError('Expected `outer[0].max_bytes` to be more than `nothing`.'),
  );
});

test('tables of several properties are one option, in which the last property counts', () => {
  const properties = {
    first: table('First.', text('A text.'), { option: 'both' }),
    second: table('Second.', text('A text.'), { option: 'both' }),
  };
  expect(toOptions(properties, { second: { b: 'second' }, first: { a: 'first', b: 'first' } })).toEqual({
    both: { a: 'first', b: 'second' },
  });
  expect(inPropertyNames('`both.a`', properties)).toBe('`second.a`');
});

test('null counts as left out, or stands for what its property says', () => {
  const properties = {
    plain: integer('Number.'),
    meant: orNull(group('Group.', { size: integer('Size.') }), {}),
    needed: required(integer('Number.')),
  };
  expect(toOptions(properties, { plain: null, meant: null, needed: 1 })).toEqual({ meant: {}, needed: 1 });
  expect(properties.meant.schema['type']).toEqual(['object', 'null']);
  expect(() => toOptions(properties, { needed: null })).toThrow(new TypeError('Expected `needed` to be given.'));
});

test.each<[values: unknown, message: string]>([
  [{ gateway: { hunter: 'hunter2' } }, 'Expected `gateway.hunter` to be left out: there is no such property.'],
  [{ gateway: 'hunter2' }, 'Expected `gateway` to be an object, got `[redacted]` (string).'],
  [{ rules: 'hunter2' }, 'Expected `rules` to be a list, got `[redacted]` (string).'],
  [{ rules: ['hunter2'] }, 'Expected `rules[0]` to be an object, got `[redacted]` (string).'],
  ['hunter2', 'Expected `properties` to be an object, got `[redacted]` (string).'],
])('%# what is no property is refused by its place, and never shown', (values, message) => {
  expect(() => toOptions(PROPERTIES, values)).toThrow(new TypeError(message));
});

function failToMake(): never {
  throw new TypeError('Expected `maxBytes` to be more than `nothing`.');
}
