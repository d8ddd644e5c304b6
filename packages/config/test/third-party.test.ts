import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { ComponentProvider } from '@spillway/core/component-provider';
import { configurationSchema, createLoggerProvider, createLogRecordProcessors, findMistakes } from '@spillway/config';
import { expect, test } from 'vitest';

import { foreignComponents, KeepingExporter, PassingProcessor } from './components.ts';

const components = foreignComponents();

/** A model with one processor. */
function modelOf(processor: object): { logger_provider: object } {
  return { logger_provider: { processors: [processor] } };
}

/** A provider in which one property is wrong, as one in JavaScript can be. */
function wrongProvider(property: object): ComponentProvider {
  const provider = { type: 'LogRecordExporter', name: 'other', createComponent: () => new KeepingExporter({}, []) };
  return { ...provider, ...property } as unknown as ComponentProvider;
}

test('an exporter of somebody else gets its properties as options, and the records', () => {
  const made = new Map<string, unknown>();
  const model = modelOf({ queue: { exporter: { keeping: { endpoint: 'x', port: 80 } } } });
  const provider = createLoggerProvider(model, { components, onComponent: (one, { name }) => made.set(name, one) });
  provider.getLogger('orders').emit({ body: 'order taken' });
  const exporter = made.get('keeping') as KeepingExporter;
  expect(exporter.options).toEqual({ endpoint: 'x', port: 80 });
  expect(exporter.records.map(({ body }) => body)).toEqual(['order taken']);
});

test('without a schema a component takes any properties, of which none is a component, as they are', () => {
  let exporter: KeepingExporter | undefined;
  const properties = { anything: [1, { exporter: { console: null } }], nothing: null };
  createLogRecordProcessors(modelOf({ simple: { exporter: { plain: properties } } }), {
    components,
    onComponent: (one, { name }) => {
      if (name === 'plain') exporter = one as KeepingExporter;
    },
  });
  expect(exporter?.options).toEqual(properties);
});

test('a component can have others, and lists of others', () => {
  const inner = { thinning: { delegate: { queue: { exporter: { plain: null } } } } };
  const model = modelOf({ parting: { delegates: [inner, inner] } });
  const paths: string[] = [];
  const [processor] = createLogRecordProcessors(model, {
    components,
    onComponent: (_one, { path }) => paths.push(path),
  });
  const { delegates = [] } = (processor as PassingProcessor).options;
  expect(delegates.length).toBe(2);
  expect(delegates[0]).toBeInstanceOf(PassingProcessor);
  expect(delegates[0]).not.toBe(delegates[1]);
  const base = 'logger_provider.processors[0].parting';
  expect(paths).toEqual([
    ...[0, 1].flatMap((index) => [
      `${base}.delegates[${index}].thinning.delegate.queue.exporter.plain`,
      `${base}.delegates[${index}].thinning.delegate.queue`,
      `${base}.delegates[${index}].thinning`,
    ]),
    base,
  ]);
});

test('components are found wherever a schema has them', () => {
  const exporter = { $ref: '#/$defs/LogRecordExporter' };
  const found: unknown[] = [];
  const routing: ComponentProvider = {
    type: 'LogRecordProcessor',
    name: 'routing',
    schema: {
      type: 'object',
      properties: {
        routes: { type: 'array', items: { $ref: '#/$defs/Route' } },
        named: { type: 'object', additionalProperties: exporter },
        either: { anyOf: [{ type: 'boolean' }, { allOf: [exporter] }] },
        pair: { type: 'array', prefixItems: [exporter, { type: 'integer' }] },
      },
      patternProperties: { '^to_': exporter },
      additionalProperties: false,
      $defs: { Route: { type: 'object', properties: { to: exporter, next: { $ref: '#/$defs/Route' } } } },
    },
    createComponent(properties) {
      found.push(properties);
      return new PassingProcessor('routing', {}, []);
    },
  };
  const node = { plain: null };
  const to = expect.any(KeepingExporter) as LogRecordExporter;
  const model = modelOf({
    routing: {
      routes: [{ to: node, next: { to: node, next: null } }],
      named: { a: node },
      either: node,
      pair: [node, 2],
      to_there: node,
    },
  });
  createLogRecordProcessors(model, { components: [...components, routing] });
  expect(found).toEqual([
    { routes: [{ to, next: { to, next: null } }], named: { a: to }, either: to, pair: [to, 2], to_there: to },
  ]);
});

test('a component that is there already is refused at once, also one of this project', () => {
  const [keeping] = components;
  expect(() => findMistakes({}, { components: [...components, keeping as ComponentProvider] })).toThrow(
    new TypeError(
      'Expected `components[5].name` to be a name that no other LogRecordExporter has, got `keeping` (string).',
    ),
  );
  expect(() => configurationSchema([wrongProvider({ name: 'console' })])).toThrow(
    'Expected `components[0].name` to be a name that no other LogRecordExporter has, got `console` (string).',
  );
  const processor = {
    type: 'LogRecordProcessor',
    name: 'console',
    createComponent: () => new PassingProcessor('', {}, []),
  };
  expect(() => configurationSchema([processor as unknown as ComponentProvider])).not.toThrow();
});

test.each([
  [null, '`components[0]` to be a component provider, got `null` (null)'],
  [
    wrongProvider({ type: 'SpanExporter' }),
    '`components[0].type` to be one of "LogRecordProcessor", "LogRecordExporter", got `SpanExporter` (string)',
  ],
  [wrongProvider({ name: '' }), '`components[0].name` to be a name, got `` (string)'],
  [
    wrongProvider({ createComponent: undefined }),
    '`components[0].createComponent` to be a function, got `undefined` (undefined)',
  ],
  [wrongProvider({ checkProperties: 1 }), '`components[0].checkProperties` to be a function, got `1` (number)'],
  [
    wrongProvider({ schema: 'object' }),
    '`components[0].schema` to be a JSON Schema of an object, got `object` (string)',
  ],
  [
    wrongProvider({ schema: { type: 'texts' } }),
    '`components[0].schema` to be a JSON Schema of an object, got `[object Object]` (object)',
  ],
])('%j is refused at once', (provider, message) => {
  expect(() => findMistakes({}, { components: [provider as ComponentProvider] })).toThrow(message);
});

test('options are checked like all options of this project', () => {
  expect(() => findMistakes({}, { componets: [] } as object)).toThrow('Expected `componets` to be left out');
  expect(() => createLoggerProvider({}, { onComponent: 1 } as object)).toThrow(
    'Expected `onComponent` to be a function',
  );
  expect(() => createLoggerProvider({}, { components: {} } as object)).toThrow('Expected `components` to be a list');
});
