import type { JsonSchema } from '@spillway/core/component-provider';

import { formsOf, isSecretPlace, isSecretSchema, REDACTED, redactUrls } from '../mistakes/redaction.ts';
import { type NodePath, valueAt } from '../mistakes/node-path.ts';
import { isPlainObject } from './plain-copy.ts';

/** A value without its secrets, and every secret given to `onSecret`. What no schema describes may be one. */
export function redactedCopy(
  value: unknown,
  schema: JsonSchema | undefined,
  onSecret: (secret: string) => void = () => {},
  path: NodePath = [],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => redactedCopy(item, schemaBelow(schema, index), onSecret, [...path, index]));
  }
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, property]) => [
        name,
        redactedCopy(property, schemaBelow(schema, name), onSecret, [...path, name]),
      ]),
    );
  }
  if (schema !== undefined && !isSecretPlace(path, schema))
    return typeof value === 'string' ? redactUrls(value) : value;
  if (typeof value !== 'string') return schema === undefined ? value : REDACTED;
  onSecret(value);
  return REDACTED;
}

/** Texts in properties that are secrets. */
export function secretsOf(properties: unknown, schema: JsonSchema | undefined): readonly string[] {
  const secrets: string[] = [];
  redactedCopy(properties, schema, (secret) => secrets.push(secret));
  return secrets;
}

/** What a schema says of one item or property, in whichever of its forms. All that is in a secret is secret. */
export function schemaBelow(schema: JsonSchema | undefined, key: string | number): JsonSchema | undefined {
  if (schema === undefined || isSecretSchema(schema)) return schema;
  const below = formsOf(schema).flatMap((form) => ownSchemaBelow(form, key));
  return below.length > 1 ? { anyOf: below } : below[0];
}

function ownSchemaBelow(schema: JsonSchema, key: string | number): readonly JsonSchema[] {
  const own = typeof key === 'number' ? schema['items'] : valueAt(schema, ['properties', key]);
  const below = own ?? (typeof key === 'string' ? schema['additionalProperties'] : undefined);
  return typeof below === 'object' && below !== null ? [below as JsonSchema] : [];
}
