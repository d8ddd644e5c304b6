import type { NodePath } from '../mistakes/node-path.ts';

/** Deepest nesting: the references of a YAML file can be endless. */
const MAX_DEPTH = 64;

/** Something in the place of what stands at a path; undefined to leave it. */
export type Replace = (path: NodePath) => { readonly value: unknown } | undefined;

/** A copy with something else in some places. What is neither a list nor a plain object stays the same. */
export function plainCopy(value: unknown, replace: Replace, path: NodePath = []): unknown {
  const replaced = replace(path);
  if (replaced !== undefined) return replaced.value;
  if (Array.isArray(value)) return value.map((item, index) => plainCopy(item, replace, [...path, index]));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, property]) => property !== undefined)
      .map(([name, property]) => [name, plainCopy(property, replace, [...path, name])]),
  );
}

/** A copy without properties that are null: they count as left out. */
export function withoutNulls(
  value: unknown,
  isKept: (path: NodePath) => boolean = () => false,
  path: NodePath = [],
): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutNulls(item, isKept, [...path, index]));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, property]) => property !== undefined && (property !== null || isKept([...path, name])))
      .map(([name, property]) => [name, withoutNulls(property, isKept, [...path, name])]),
  );
}

/** Whether a value is nested deeper than any configuration, or without end. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth > MAX_DEPTH || Object.values(value).some((property) => isTooDeep(property, depth + 1));
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
