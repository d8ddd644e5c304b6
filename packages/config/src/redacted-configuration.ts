import { type ComponentProperties, type JsonSchema, objectSchema } from '@spillway/core/component-provider';

import type { NodeContent } from './components/component-node.ts';
import { withComponents } from './components/property-check.ts';
import { redactedCopy } from './components/secret-values.ts';
import { type ReadOptions, readRegistry } from './configuration-options.ts';
import { SECTIONS } from './document/file-sections.ts';
import type { ConfigurationModel, ConfigurationSource } from './document/load-configuration.ts';
import { ConfigurationError } from './mistakes/configuration-error.ts';
import { readConfiguration } from './read-configuration.ts';
import { withEnvironment } from './with-environment.ts';

const SCHEMA = objectSchema(SECTIONS);

/**
 * What a configuration says about logs, with environment variables in their places and without secrets, values of headers,
 * and what may be secret in URLs. What is null is left out, and so are sections about something else.
 *
 * @param source path of a YAML or JSON file, or what such a file has
 * @throws ConfigurationError with all mistakes. TypeError where an option is wrong.
 */
export function redactedConfiguration(source: ConfigurationSource, options: ReadOptions = {}): ConfigurationModel {
  const registry = readRegistry(options);
  const { content, mistakes } = withEnvironment(options.environment, () => readConfiguration(source, registry));
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return { file_format: '1.1', ...redactedContent(content, SCHEMA) };
}

function redactedContent({ properties, children }: NodeContent, schema: JsonSchema | undefined): ComponentProperties {
  const placed = children.map(({ place, node: { provider, content } }) => ({
    place,
    component: { [provider.name]: redactedContent(content, provider.schema) },
  }));
  return withComponents(redactedCopy(properties, schema) as ComponentProperties, placed);
}
