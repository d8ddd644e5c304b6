import { type NodePath, pathText } from './node-path.ts';

/** A place in a file. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Where a configuration comes from: how mistakes name its parts and their places. */
export interface Origin {
  /** How messages name what stands at a path. */
  nameOf(path: NodePath): string;
  /** Where its key stands, or its value; of what is not there, the nearest above it. */
  placeOf(path: NodePath, part: 'key' | 'value'): Place;
  /** Environment variables that its text is made of. */
  variablesAt(path: NodePath): readonly string[];
}

/** A configuration that was made by code: paths, and no places. */
export const MODEL_ORIGIN: Origin = {
  nameOf: pathText,
  placeOf: () => ({}),
  variablesAt: () => [],
};
