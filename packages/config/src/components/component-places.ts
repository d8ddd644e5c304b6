import type { ComponentType, JsonSchema } from '@spillway/core/component-provider';

import { type NodePath, valueAt } from '../mistakes/node-path.ts';
import { COMPONENT_TYPES } from './component-registry.ts';

/** Where in properties a component stands. */
export interface ComponentPlace {
  readonly type: ComponentType;
  readonly path: NodePath;
}

const DEFINITION = '#/$defs/';

/** What a schema says of places in properties. */
export interface SchemaPlaces {
  /** All at which it wants a component, and where something stands. */
  readonly components: readonly ComponentPlace[];
  /** Whether there is a null that does not just stand for a property that is left out. */
  readonly isNull: (path: NodePath) => boolean;
}

/** Searches properties by their schema. */
export function schemaPlaces(schema: JsonSchema, value: unknown): SchemaPlaces {
  const search = new PlaceSearch(schema);
  search.visit(schema, value, [], new Set());
  return {
    components: [...search.components.values()],
    isNull: (path) => search.nulls.has(JSON.stringify(path)),
  };
}

class PlaceSearch {
  readonly components = new Map<string, ComponentPlace>();
  readonly nulls = new Set<string>();
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** @param seen schemas that this value has been looked at with: references may lead back to themselves */
  visit(schema: unknown, value: unknown, path: NodePath, seen: Set<unknown>): void {
    // What is misspelt is so whether it has a value or not.
    if (schema === false && value === null) this.nulls.add(JSON.stringify(path));
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return;
    seen.add(schema);
    const { $ref: reference, allOf, anyOf, oneOf, type: types } = schema as JsonSchema;
    if (value === null && [types].flat().includes('null')) this.nulls.add(JSON.stringify(path));
    if (typeof reference === 'string') this.#follow(reference, value, path, seen);
    for (const forms of [allOf, anyOf, oneOf]) {
      if (Array.isArray(forms)) for (const form of forms) this.visit(form, value, path, seen);
    }
    if (Array.isArray(value)) this.#visitItems(schema as JsonSchema, value, path);
    else if (typeof value === 'object' && value !== null) this.#visitProperties(schema as JsonSchema, value, path);
  }

  #follow(reference: string, value: unknown, path: NodePath, seen: Set<unknown>): void {
    if (!reference.startsWith(DEFINITION)) return;
    const name = reference.slice(DEFINITION.length);
    const type = COMPONENT_TYPES.find((known) => known === name);
    if (type === undefined) this.visit(valueAt(this.#root, ['$defs', name]), value, path, seen);
    // A property that is null counts as left out; an item of a list is there.
    else if (value !== undefined && (value !== null || typeof path.at(-1) === 'number')) {
      this.components.set(JSON.stringify(path), { type, path });
    }
  }

  #visitItems({ items, prefixItems }: JsonSchema, value: readonly unknown[], path: NodePath): void {
    const first = Array.isArray(prefixItems) ? prefixItems : [];
    value.forEach((item, index) => this.visit(first[index] ?? items, item, [...path, index], new Set()));
  }

  #visitProperties(schema: JsonSchema, value: object, path: NodePath): void {
    const patterns = Object.entries(schema['patternProperties'] ?? {});
    for (const [name, property] of Object.entries(value)) {
      const own = valueAt(schema, ['properties', name]);
      const matching = patterns
        .filter(([pattern]) => new RegExp(pattern, 'u').test(name))
        .map(([, form]) => form as unknown);
      const forms = own === undefined && matching.length === 0 ? [schema['additionalProperties']] : [own, ...matching];
      for (const form of forms) this.visit(form, property, [...path, name], new Set());
    }
  }
}
