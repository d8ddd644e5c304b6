import {
  type ComponentProvider,
  type ComponentType,
  type JsonSchema,
  objectSchema,
} from '@spillway/core/component-provider';

import { COMPONENT_TYPES, ComponentRegistry } from './components/component-registry.ts';
import { isPlainObject } from './components/plain-copy.ts';
import { OTHER_SECTIONS, SECTIONS } from './document/file-sections.ts';
import { KNOWN_COMPONENTS } from './known-components.ts';

/** Scalars that are written as a reference to an environment variable. */
const REFERENCE = { type: 'string', pattern: '\\$\\{' };
const SCALARS: readonly unknown[] = ['string', 'integer', 'number', 'boolean'];
const DESCRIBING = new Set(['description', 'default', 'writeOnly']);

/**
 * The JSON Schema (2020-12) of a configuration file before environment variables are substituted, for editors.
 *
 * @param components those besides the ones of this project and of OpenTelemetry
 * @throws TypeError where one is no component provider, or is there twice
 */
export function configurationSchema(components: readonly ComponentProvider[] = []): JsonSchema {
  const registry = new ComponentRegistry(KNOWN_COMPONENTS, components);
  const sections = forEditors(objectSchema(SECTIONS)) as { readonly properties: object };
  const others = OTHER_SECTIONS.map((name) => [name, { description: 'Not about logs: ignored.' }] as const);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of OpenTelemetry log records with Spillway',
    type: 'object',
    required: ['file_format'],
    properties: {
      file_format: { type: 'string', description: 'Version of the file format.', enum: ['1.1', '1.0'] },
      ...sections.properties,
      ...Object.fromEntries(others),
    },
    additionalProperties: true,
    $defs: Object.fromEntries(COMPONENT_TYPES.map((type) => [type, nodeSchema(type, registry)])),
  };
}

function nodeSchema(type: ComponentType, registry: ComponentRegistry): JsonSchema {
  return {
    type: 'object',
    description: 'A component by its name.',
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries(registry.all(type).map((provider) => [provider.name, componentSchema(provider)])),
    additionalProperties: false,
  };
}

/** Null stands for defaults, where there is nothing that must be given. */
function componentSchema({ schema = { type: 'object' } }: ComponentProvider): unknown {
  const isNullable = !Array.isArray(schema['required']) || schema['required'].length === 0;
  const made = forEditors(schema) as object;
  return isNullable ? { ...made, type: ['object', 'null'] } : made;
}

/** A schema in which every scalar may be a reference to an environment variable, or null: left out. */
function forEditors(schema: unknown): unknown {
  if (!isPlainObject(schema)) return schema;
  if (SCALARS.includes(schema['type']) || isListOf(schema['type'], SCALARS)) return withReference(schema);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (['properties', 'patternProperties', '$defs'].includes(keyword)) return [keyword, eachForEditors(value)];
      if (['items', 'additionalProperties', 'not'].includes(keyword)) return [keyword, forEditors(value)];
      if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(keyword))
        return [keyword, (value as unknown[]).map(forEditors)];
      return [keyword, value];
    }),
  );
}

function eachForEditors(schemas: unknown): unknown {
  return Object.fromEntries(Object.entries(schemas as object).map(([name, schema]) => [name, forEditors(schema)]));
}

function withReference(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema);
  return {
    ...Object.fromEntries(entries.filter(([keyword]) => DESCRIBING.has(keyword))),
    anyOf: [Object.fromEntries(entries.filter(([keyword]) => !DESCRIBING.has(keyword))), REFERENCE, { type: 'null' }],
  };
}

function isListOf(value: unknown, items: readonly unknown[]): boolean {
  return Array.isArray(value) && value.every((item) => items.includes(item));
}
