import { type ReadOptions, readRegistry } from './configuration-options.ts';
import type { ConfigurationSource } from './document/load-configuration.ts';
import type { ConfigurationMistake } from './mistakes/configuration-error.ts';
import { readConfiguration } from './read-configuration.ts';
import { withEnvironment } from './with-environment.ts';

/**
 * Everything that is wrong with a configuration; nothing is made.
 *
 * @param source path of a YAML or JSON file, or what such a file has
 * @throws TypeError where an option is wrong
 */
export function findMistakes(source: ConfigurationSource, options: ReadOptions = {}): readonly ConfigurationMistake[] {
  const registry = readRegistry(options);
  return withEnvironment(options.environment, () => readConfiguration(source, registry).mistakes);
}
