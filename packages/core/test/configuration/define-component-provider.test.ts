import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { optionMessage } from '@spillway/core';
import {
  component,
  defineComponentProvider,
  group,
  integer,
  required,
  text,
  toOptions,
} from '@spillway/core/component-provider';
import { expect, test } from 'vitest';

const properties = {
  endpoint: required(text('Address.', { option: 'url' })),
  max_queue_size: integer('Size.'),
  rate: group('Rate.', { max_per_second: integer('Records.') }),
  exporter: component('LogRecordExporter', 'Exporter.'),
};

/** A provider that keeps the options it is given, and throws what it is told to. */
function providerOf(failure?: Error) {
  const given: object[] = [];
  const provider = defineComponentProvider({
    type: 'LogRecordExporter',
    name: 'keeping',
    description: 'Keeps.',
    properties,
    create(options: object) {
      if (failure !== undefined) throw failure;
      given.push(options);
      return new InMemoryLogRecordExporter();
    },
    check(options) {
      if (failure !== undefined) throw failure;
      given.push(options);
    },
  });
  return { provider, given };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a component is made of options in camelCase, and gets what its context has', () => {
  const { provider, given } = providerOf();
  const values = { endpoint: 'http://x', max_queue_size: 5, rate: { max_per_second: 1 } };
  const selfObsMeterProvider = { getMeter: () => expect.fail() };
  expect(provider.createComponent(values, { selfObsMeterProvider })).toBeInstanceOf(InMemoryLogRecordExporter);
  provider.createComponent(values);
  const options = { url: 'http://x', maxQueueSize: 5, rate: { maxPerSecond: 1 } };
  expect(given).toEqual([{ ...options, selfObsMeterProvider }, options]);
});

test('its schema is that of its properties, with its description', () => {
  const { provider } = providerOf();
  expect(provider).toMatchObject({ type: 'LogRecordExporter', name: 'keeping' });
  expect(provider.schema).toMatchObject({ type: 'object', description: 'Keeps.', required: ['endpoint'] });
  expect(Object.keys(provider.schema?.['properties'] as object)).toEqual(Object.keys(properties));
});

test.each([TypeError, RangeError])('an error about an option is one about its property: %o', (Kind) => {
  const cause = new Kind(`${optionMessage('maxQueueSize', 'small', 5)} Not with \`url\`.`);
  const { provider } = providerOf(cause);
  const values = { endpoint: 'x' };
  for (const work of [() => provider.createComponent(values), () => provider.checkProperties?.(values)]) {
    const error = thrownBy(work) as Error;
    expect(error).toBeInstanceOf(Kind);
    expect(error.message).toBe('Expected `max_queue_size` to be small, got `5` (number). Not with `endpoint`.');
    expect(error.cause).toBe(cause);
  }
});

test('an error about an option of a group names the property in it', () => {
  const { provider } = providerOf(new RangeError(optionMessage('rate.maxPerSecond', 'small', 5)));
  expect(() => provider.createComponent({ endpoint: 'x' })).toThrow('Expected `rate.max_per_second` to be small');
});

test('another error stays what it is', () => {
  const failure = new Error('The disk is full: `maxQueueSize`.');
  expect(thrownBy(() => providerOf(failure).provider.createComponent({ endpoint: 'x' }))).toBe(failure);
});

test('a provider without a check has none', () => {
  const provider = defineComponentProvider({
    type: 'LogRecordExporter',
    name: 'a',
    description: 'A.',
    properties: {},
    create: () => new InMemoryLogRecordExporter(),
  });
  expect(provider).not.toHaveProperty('checkProperties');
  expect(toOptions({}, {})).toEqual({});
});
