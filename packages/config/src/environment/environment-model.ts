import type { ComponentProvider, JsonSchema } from '@spillway/core/component-provider';

import type { ConfigurationModel } from '../document/load-configuration.ts';
import { type NodePath, pathText, valueAt } from '../mistakes/node-path.ts';
import { setEnvironmentOrigin, type VariablePaths } from './environment-origin.ts';
import { EXPORTER_VARIABLE, PROPERTY_VARIABLES, type PropertyVariable } from './variables.ts';

/** A variable with a value, and where that belongs in the properties of its component. */
export interface Setting {
  readonly variable: PropertyVariable;
  readonly place: NodePath;
  readonly value: unknown;
}

const OUTBOX = ['outbox', 'file', 'directory'];

/**
 * The configuration of one exporter below `hybrid`, with `sampling` before it where that is set. An exporter that can send from
 * a worker does so: only a worker gets anything out while `process.exit()` runs. An outbox in a file brings one along.
 */
export function environmentModel(exporter: ComponentProvider, settings: readonly Setting[]): ConfigurationModel {
  const of = (processor: PropertyVariable['processor']): readonly Setting[] =>
    settings.filter(({ variable }) => variable.processor === processor);
  const own = of(undefined);
  const hasOutbox = own.some(({ place }) => pathText(place) === pathText(OUTBOX));
  const needsWorker = !hasOutbox && schemaAt(exporter.schema, ['worker'])?.['type'] === 'boolean';
  const properties = { ...nested(own), ...(needsWorker && { worker: true }) };
  const hybrid = { ...nested(of('hybrid')), exporter: { [exporter.name]: properties } };
  const isSampled = of('sampling').length > 0;
  const processor = isSampled ? { sampling: { ...nested(of('sampling')), delegate: { hybrid } } } : { hybrid };
  const model = { logger_provider: { processors: [processor] } };
  const sampling = ['logger_provider', 'processors', 0, 'sampling'];
  const hybridPath = isSampled ? [...sampling, 'delegate', 'hybrid'] : ['logger_provider', 'processors', 0, 'hybrid'];
  setEnvironmentOrigin(model, variablePaths(exporter, { sampling, hybrid: hybridPath }));
  return model;
}

/** Also those of variables that are not set: one may be missing. */
function variablePaths(
  exporter: ComponentProvider,
  bases: Readonly<Record<'hybrid' | 'sampling', NodePath>>,
): VariablePaths {
  const base = [...bases.hybrid, 'exporter', exporter.name];
  const paths = PROPERTY_VARIABLES.flatMap(({ name, processor, properties }): VariablePaths => {
    const [first = []] = properties;
    if (processor !== undefined) return [[name, [...bases[processor], ...first]]];
    const place = placeIn(exporter.schema, properties);
    return place === undefined ? [] : [[name, [...base, ...place]]];
  });
  return [...paths, [EXPORTER_VARIABLE, base]];
}

/** The first of these properties that a schema has. */
export function placeIn(schema: JsonSchema | undefined, properties: readonly NodePath[]): NodePath | undefined {
  return properties.find((place) => schemaAt(schema, place) !== undefined);
}

/** Values in the objects that their places ask for. */
function nested(settings: readonly Setting[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const { place, value } of settings) {
    let target = made;
    for (const key of place.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
    target[String(place.at(-1))] = value;
  }
  return made;
}

export function schemaAt(schema: JsonSchema | undefined, place: NodePath): JsonSchema | undefined {
  const path = place.flatMap((key) => ['properties', key]);
  return valueAt(schema, path) as JsonSchema | undefined;
}
