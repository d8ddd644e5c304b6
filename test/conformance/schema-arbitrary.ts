import type { JsonSchema } from '@spillway/core/component-provider';
import * as fc from 'fast-check';

/** Secrets of random properties, wherever their schema takes it. */
export const SECRET = 'hunter2-is-secret';

/** By the name of a property, what schemas do not say: that a text is an address, a path or the name of a label. */
const TEXTS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  endpoint: fc.constantFrom('http://127.0.0.1:9', 'https://example.test/base'),
  client_url: fc.constant('https://example.test/tool'),
  href: fc.constantFrom('https://example.test/{traceId}', 'https://example.test/'),
  headers_list: fc.constant(`x-a=${SECRET},x-b=%20b`),
  directory: fc.constant('/nowhere/outbox'),
  path: fc.constant('/nowhere'),
};
const WORDS = fc.constantFrom('a', 'b_c', 'd.e', 'f');

/** Random values that fit a schema of a component. */
export function arbitraryOf(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
  const { $ref, oneOf, enum: words, type } = schema;
  if (TEXTS[name] !== undefined && type === 'string') return TEXTS[name];
  if ($ref !== undefined) return fc.constant(undefined).map(idleComponent);
  if (Array.isArray(oneOf)) return fc.oneof(...oneOf.map((one: JsonSchema) => arbitraryOf(one)));
  if (Array.isArray(words)) return fc.constantFrom<unknown>(...words);
  const types = [type].flat();
  return fc.oneof(...types.map((one) => arbitraryOfType(String(one), schema)));
}

function arbitraryOfType(type: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  const { minimum: min = 0, maximum: max = 1e9, exclusiveMinimum } = schema as Record<string, number | undefined>;
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min, max });
    case 'number':
      return fc.double({ min: exclusiveMinimum ?? min, max, minExcluded: exclusiveMinimum !== undefined, noNaN: true });
    case 'string':
      return textOf(schema);
    case 'array': {
      const { items, minItems: minLength = 0, maxItems: maxLength = 3 } = schema as Record<string, number>;
      return fc.array(arbitraryOf(items as unknown as JsonSchema), { minLength, maxLength: Math.min(maxLength, 3) });
    }
    default:
      return objectOf(schema);
  }
}

function textOf({ pattern = '', writeOnly }: JsonSchema): fc.Arbitrary<string> {
  const expression = new RegExp(String(pattern));
  if (writeOnly === true && expression.test(SECRET)) return fc.constant(SECRET);
  if (pattern === '') return WORDS;
  // Nothing that looks like the name of an option, which no message may have.
  const isTaken = (text: string): boolean => expression.test(text) && !/[a-z][A-Z]/.test(text);
  return fc.oneof(WORDS, fc.stringMatching(expression)).filter(isTaken);
}

function objectOf(schema: JsonSchema): fc.Arbitrary<object> {
  const {
    properties = {},
    required = [],
    maxProperties,
    additionalProperties,
  } = schema as {
    readonly properties?: Record<string, JsonSchema>;
    readonly required?: string[];
    readonly maxProperties?: number;
    readonly additionalProperties: false | JsonSchema;
  };
  if (additionalProperties !== false) return fc.dictionary(WORDS, arbitraryOf(additionalProperties), { maxKeys: 2 });
  const all = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, arbitraryOf(one, name)]));
  if (maxProperties === 1) {
    return fc.oneof(...Object.entries(all).map(([name, value]) => value.map((made) => ({ [name]: made }))));
  }
  // Few at a time, since many do not go together.
  const few = Object.entries(all).map(([name, value]) => [name, required.includes(name) ? value : seldom(value)]);
  return fc.record(Object.fromEntries(few) as Record<string, fc.Arbitrary<unknown>>);
}

function seldom(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

/** A processor and an exporter that does nothing; a new one each time, since a list may not have one twice. */
function idleComponent(): object {
  return { onEmit() {}, export() {}, async forceFlush() {}, async shutdown() {} };
}
