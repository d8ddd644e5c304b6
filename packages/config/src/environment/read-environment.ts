import { optionMessage } from '@spillway/core';
import type { ComponentProvider, JsonSchema } from '@spillway/core/component-provider';

import { diagnostics } from '../diagnostics.ts';
import type { ComponentRegistry } from '../components/component-registry.ts';
import { type ReadOptions, readRegistry } from '../configuration-options.ts';
import type { ConfigurationModel } from '../document/load-configuration.ts';
import { ConfigurationError, type ConfigurationMistake } from '../mistakes/configuration-error.ts';
import { nearestName } from '../mistakes/nearest-name.ts';
import type { Environment } from '../with-environment.ts';
import { environmentModel, placeIn, schemaAt, type Setting } from './environment-model.ts';
import { EXPORTER_VARIABLE, PROPERTY_VARIABLES, type PropertyVariable, VARIABLE_NAMES } from './variables.ts';

const PREFIX = 'SPILLWAY_';

/**
 * The configuration that `SPILLWAY_EXPORTER` and its companions stand for: one exporter below `hybrid`, which sends from a
 * worker if it can. Undefined where that variable is not set, or empty.
 *
 * @throws ConfigurationError where a variable does not go with the exporter. TypeError where an option is wrong.
 */
export function readEnvironment(
  environment: Environment = process.env,
  options: Pick<ReadOptions, 'components'> = {},
): ConfigurationModel | undefined {
  const registry = readRegistry(options);
  warnOfSlips(environment);
  const name = valueOf(environment, EXPORTER_VARIABLE);
  const variables = PROPERTY_VARIABLES.filter((variable) => valueOf(environment, variable.name) !== undefined);
  if (name === undefined) {
    if (variables.length === 0) return undefined;
    const text = `Expected \`${EXPORTER_VARIABLE}\` to be set where \`${variables[0]?.name}\` is.`;
    throw new ConfigurationError([mistake(text)]);
  }
  const exporter = registry.get('LogRecordExporter', name);
  if (exporter === undefined)
    throw new ConfigurationError([mistake(strangerText(name, registry.names('LogRecordExporter')))]);
  const settings = variables.map((variable) => settingOf(variable, exporter, registry, environment));
  const mistakes = settings.filter((setting) => typeof setting === 'string').map(mistake);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return environmentModel(exporter, settings as readonly Setting[]);
}

function settingOf(
  variable: PropertyVariable,
  exporter: ComponentProvider,
  registry: ComponentRegistry,
  environment: Environment,
): Setting | string {
  const { name, processor, properties } = variable;
  const component = processor === undefined ? exporter : registry.get('LogRecordProcessor', processor);
  const place = placeIn(component?.schema, properties);
  if (place === undefined) {
    return `Expected \`${name}\` not to be set: \`${component?.name ?? processor}\` has no \`${properties[0]?.join('.')}\`.`;
  }
  const schema = schemaAt(component?.schema, place) as JsonSchema;
  return { variable, place, value: typed(valueOf(environment, name) as string, schema) };
}

/** A number where one is wanted. What is none stays a text, for the schema to refuse. */
function typed(text: string, { type }: JsonSchema): unknown {
  const isNumber = type === 'integer' || type === 'number';
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}

function strangerText(name: string, names: readonly string[]): string {
  const rule = `one of ${names.map((known) => `"${known}"`).join(', ')}`;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return optionMessage(EXPORTER_VARIABLE, rule, name) + hint;
}

function warnOfSlips(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || VARIABLE_NAMES.includes(name)) continue;
    const nearest = nearestName(
      name.slice(PREFIX.length),
      VARIABLE_NAMES.map((known) => known.slice(PREFIX.length)),
    );
    if (nearest !== undefined) diagnostics.warn(`\`${name}\` has no effect: did you mean \`${PREFIX}${nearest}\`?`);
  }
}

/** Variables that are empty count as not set, as everywhere in OpenTelemetry. */
function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function mistake(message: string): ConfigurationMistake {
  return { path: '', message };
}
