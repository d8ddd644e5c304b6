import type { ComponentProvider, JsonSchema } from '@spillway/core/component-provider';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { expectNothingLeft } from './process-watch.ts';
import { arbitraryOf, SECRET } from './schema-arbitrary.ts';

type Values = Readonly<Record<string, unknown>>;

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** A name in backticks that is no value, with a word in camelCase in it, as options have and files do not. */
const OPTION_NAME = /(?<!got )`[\w.[\]]*[a-z][A-Z]\w*`/;

/** What can be said of every provider of this project. `needsOthers` are properties that cannot stand alone. */
export function testProvider(provider: ComponentProvider, needsOthers: readonly string[] = []): void {
  const schema = provider.schema as ObjectSchema;
  const check = (values: Values): void => provider.checkProperties?.(values);
  const required = fc.record(
    Object.fromEntries((schema.required ?? []).map((name) => [name, arbitraryOf(schema.properties[name] ?? {}, name)])),
  );
  const requiredValues = fc.sample(required, { numRuns: 1, seed: 1 })[0] as Values;

  describe(`the provider of ${provider.name}`, () => {
    test('describes itself and every property at any depth', () => {
      expect(undescribed(schema)).toEqual([]);
    });

    test.each(Object.keys(schema.properties).filter((name) => !needsOthers.includes(name)))(
      'takes values of %s that its schema allows',
      (name) => {
        const value = arbitraryOf(schema.properties[name] as JsonSchema, name);
        const errors: (Error | undefined)[] = [];
        fc.assert(
          fc.property(required, value, (others, one) => {
            errors.push(errorOf(() => check({ ...others, [name]: one })));
          }),
          { numRuns: 100 },
        );
        expect(errors).toContain(undefined);
        expect(errors.flatMap(flawsOf)).toEqual([]);
      },
    );

    test('takes the ends of every range, and an empty list where its schema allows one', () => {
      const messages = endsOf(schema, true).map(
        (values) => errorOf(() => check({ ...requiredValues, ...(values as Values) }))?.message ?? '',
      );
      expect(messages.filter((message) => / to be (a number|an integer|a list) /.test(message))).toEqual([]);
    });

    test('takes random properties, or says in their own names which do not go together', () => {
      fc.assert(
        fc.property(arbitraryOf(schema), (values) => {
          expect(flawsOf(errorOf(() => check(values as Values)))).toEqual([]);
        }),
      );
    });

    test('refuses a property that there is not without showing its value', () => {
      const wrong = { ...requiredValues, hunter: SECRET };
      const rule = 'Expected `hunter` to be left out: there is no such property.';
      expect(() => check(wrong)).toThrow(new TypeError(rule));
      expect(() => provider.createComponent(wrong)).toThrow(new TypeError(rule));
    });

    test('says which property is missing', () => {
      for (const name of schema.required ?? []) {
        const error = new TypeError(`Expected \`${name}\` to be given.`);
        expect(() => check({ ...requiredValues, [name]: null })).toThrow(error);
        expect(() => provider.createComponent({ ...requiredValues, [name]: undefined })).toThrow(error);
      }
    });

    test('takes null for a property that is left out', () => {
      const nulls = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, null]));
      expect(() => check({ ...nulls, ...requiredValues })).not.toThrow();
    });

    test('starts nothing for a check', async () => {
      await expectNothingLeft(async () => {
        fc.assert(fc.property(arbitraryOf(schema), (values) => void errorOf(() => check(values as Values))));
      });
    });
  });
}

function errorOf(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** What whoever wrote the file could not use, or others may not see. */
function flawsOf(error: Error | undefined): string[] {
  if (error === undefined) return [];
  const { message } = error;
  const isOfOptions = error instanceof TypeError || error instanceof RangeError;
  const isFit =
    isOfOptions && message.startsWith('Expected ') && !OPTION_NAME.test(message) && !message.includes(SECRET);
  return isFit ? [] : [String(error)];
}

/** The least and the most of each number, alone in the objects around it, and empty lists. */
function endsOf(schema: JsonSchema, isRoot = false): unknown[] {
  const {
    type,
    minimum,
    maximum,
    minItems = 0,
    properties = {},
    required = [],
  } = schema as Partial<ObjectSchema> & {
    readonly type?: unknown;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly minItems?: number;
  };
  if (type === 'number' || type === 'integer') return [minimum, maximum].filter((end) => end !== undefined);
  if (type === 'array') return minItems === 0 ? [[]] : [];
  if (required.length > 0 && !isRoot) return [];
  return Object.entries(properties).flatMap(([name, one]) => endsOf(one).map((end) => ({ [name]: end })));
}

/** Names of properties, at any depth, that have no sentence about them. */
function undescribed(schema: JsonSchema, path = ''): string[] {
  const {
    description,
    properties = {},
    items,
    additionalProperties,
    oneOf = [],
  } = schema as {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema;
    readonly additionalProperties?: false | JsonSchema;
    readonly oneOf?: readonly JsonSchema[];
  };
  const isDescribed = description !== undefined && /^.{5,}\.$/s.test(description);
  return [
    ...(isDescribed ? [] : [path]),
    ...Object.entries(properties).flatMap(([name, one]) => undescribed(one, `${path}/${name}`)),
    ...[items, additionalProperties, ...oneOf].flatMap((one) => (one ? undescribed(one, `${path}/*`) : [])),
  ];
}
