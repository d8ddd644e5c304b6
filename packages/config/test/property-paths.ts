import type { JsonSchema } from '@spillway/core/component-provider';

/** The properties of every component of a name that there is in a value. */
export function nodesOf(name: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]): readonly unknown[] => [
    ...(key === name ? [below] : []),
    ...nodesOf(name, below),
  ]);
}

/** All properties in a value, those of items without their numbers: `metrics.labels.from`. */
export function pathsIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, path));
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, below]) => pathsIn(below, join(path, name)))];
}

/** All properties that a schema names, written likewise. */
export function schemaPaths(schema: unknown, path = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items, oneOf = [] } = schema as JsonSchema;
  return [
    ...Object.entries(properties as object).flatMap(([name, below]) => [
      join(path, name),
      ...schemaPaths(below, join(path, name)),
    ]),
    ...schemaPaths(items, path),
    ...(oneOf as readonly unknown[]).flatMap((form) => schemaPaths(form, path)),
  ];
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
