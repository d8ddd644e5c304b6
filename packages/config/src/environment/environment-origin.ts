import { type NodePath, pathText } from '../mistakes/node-path.ts';
import type { Origin } from '../mistakes/origin.ts';

/** A variable, and the path of the property that it has become. */
export type VariablePaths = readonly (readonly [variable: string, path: NodePath])[];

const origins = new WeakMap<object, Origin>();

/** Remembers which variables a model was made of, so that mistakes name them. */
export function setEnvironmentOrigin(model: object, variables: VariablePaths): void {
  const names = new Map(variables.map(([variable, path]) => [pathText(path), variable]));
  origins.set(model, {
    nameOf: (path) => names.get(pathText(path)) ?? pathText(path),
    placeOf: () => ({}),
    variablesAt: () => [],
  });
}

/** Undefined for a model of which nothing is known. */
export function environmentOrigin(model: object): Origin | undefined {
  return origins.get(model);
}
