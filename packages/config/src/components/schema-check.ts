import type { JsonSchema } from '@spillway/core/component-provider';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

import { nearestName } from '../mistakes/nearest-name.ts';
import type { MistakeList } from '../mistakes/mistake-list.ts';
import { type NodePath, pointerPath, valueAt } from '../mistakes/node-path.ts';
import { isSecretPlace, isSecretSchema, REDACTED } from '../mistakes/redaction.ts';
import { ruleOf } from './schema-rule.ts';
import { schemaBelow } from './secret-values.ts';

const validator = new Ajv2020({
  allErrors: true,
  strict: false,
  validateFormats: false,
  verbose: true,
  logger: false,
  // The schema of schemas takes longer than all others of a file together: it is for schemas of others only.
  validateSchema: false,
  // A schema is used once or twice: faster code does not pay for the time that it takes to make it.
  code: { optimize: false },
});
const checkable = new WeakMap<JsonSchema, ValidateFunction>();

/** Errors inside of these only say which form a value does not have; the keyword itself says that it has none. */
const FORMS = /\/(?:anyOf|oneOf|not|if)\//;
/** Names that messages list: of more, the nearest has to do. */
const MAX_LISTED_NAMES = 12;

/** @throws Error where it is no JSON Schema */
export function checkSchema(schema: JsonSchema): void {
  void validator.validateSchema(schema, true);
  compiled(schema);
}

/** Tells what does not fit a schema, one mistake for each place. */
export function checkBySchema(schema: JsonSchema, value: unknown, path: NodePath, mistakes: MistakeList): void {
  const check = compiled(schema);
  if (check(value)) return;
  const seen = new Set<string>();
  for (const error of check.errors ?? []) {
    if (FORMS.test(error.schemaPath)) continue;
    const place = pointerPath(error.instancePath, value);
    const key = JSON.stringify([place, nameIn(error)]);
    if (seen.has(key)) continue;
    seen.add(key);
    tell(error, value, { path, place, isSecret: isWithinSecret(schema, place) }, mistakes);
  }
}

/** Made when it is first needed, and once. Each component in it is left to the schema of its own. */
function compiled(schema: JsonSchema): ValidateFunction {
  const known = checkable.get(schema);
  if (known !== undefined) return known;
  const { $id: _id, $defs, ...rest } = schema;
  const made = validator.compile({
    ...rest,
    $defs: { ...($defs as object), LogRecordProcessor: true, LogRecordExporter: true },
  });
  checkable.set(schema, made);
  return made;
}

/** Where an error is: the path of the value that is checked, and the place within it. */
interface ErrorPlace {
  readonly path: NodePath;
  readonly place: NodePath;
  readonly isSecret: boolean;
}

function tell(
  error: ErrorObject,
  value: unknown,
  { path: base, place, isSecret }: ErrorPlace,
  mistakes: MistakeList,
): void {
  const path = [...base, ...place];
  const name = nameIn(error);
  const parent = (error.parentSchema ?? {}) as JsonSchema;
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
      return mistakes.missing([...path, name as string], descriptionOf(parent, name as string));
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return mistakes.unexpected(
        [...path, name as string],
        'there is no such property',
        otherName(name as string, parent),
      );
    default:
      return mistakes.expected(path, {
        ...expectation(parent, valueAt(value, place), isSecret || isSecretPlace(path, parent)),
        rule: ruleOf(parent, error.message),
      });
  }
}

/** Whether something is a secret, or in one. */
function isWithinSecret(schema: JsonSchema, place: NodePath): boolean {
  let current: JsonSchema | undefined = schema;
  for (const key of place) current = schemaBelow(current, key);
  return isSecretSchema(current);
}

/** The property that an error is about where it is not the place itself. */
function nameIn({ params }: ErrorObject): string | undefined {
  return params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
}

/** The first sentence tells what it is. */
function descriptionOf(schema: JsonSchema, name: string): string | undefined {
  const description = valueAt(schema, ['properties', name, 'description']) as string | undefined;
  return description?.replace(/(?<=[.!?]) .*$/s, '');
}

function otherName(name: string, { properties }: JsonSchema): string {
  const names = Object.keys(properties ?? {});
  if (names.length === 0) return 'There are none.';
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `Did you mean \`${nearest}\`?`;
  const listed = names.slice(0, MAX_LISTED_NAMES).map((known) => `\`${known}\``);
  return `There are ${listed.join(', ')}${names.length > listed.length ? ' and others' : ''}.`;
}

function expectation(
  schema: JsonSchema,
  value: unknown,
  isSecret: boolean,
): { value: unknown; shown?: string; hint?: string } {
  const words = (schema['enum'] ?? []) as readonly unknown[];
  const nearest = typeof value === 'string' ? nearestName(value, words.map(String)) : undefined;
  const isText = schema['type'] === 'string' && schema['enum'] === undefined;
  const isQuotable = isText && (typeof value === 'number' || typeof value === 'boolean');
  // A text where a list or an object belongs may be what should stand below a secret name.
  const isMisplaced = (schema['type'] === 'object' || schema['type'] === 'array') && typeof value === 'string';
  return {
    value,
    ...((isSecret || isMisplaced) && { shown: REDACTED }),
    ...(nearest !== undefined && { hint: `Did you mean "${nearest}"?` }),
    ...(isQuotable && { hint: 'Put it in quotes.' }),
  };
}
