import type { LoggerProviderOptions, LogRecordProcessor } from '@opentelemetry/sdk-logs';

import { diagnostics } from './diagnostics.ts';
import type { NodeContent } from './components/component-node.ts';
import type { ComponentRegistry } from './components/component-registry.ts';
import { ComponentMaker } from './components/make-components.ts';
import type { ConfigurationOptions } from './configuration-options.ts';
import type { ConfigurationSource } from './document/load-configuration.ts';
import { ConfigurationError } from './mistakes/configuration-error.ts';
import type { MistakeList } from './mistakes/mistake-list.ts';
import { pathText } from './mistakes/node-path.ts';
import { providerOptions } from './provider/provider-options.ts';
import { readConfiguration } from './read-configuration.ts';

/** What there is to give to a logger provider. */
export interface MadePipeline {
  /** Empty where the configuration is disabled. */
  readonly processors: readonly LogRecordProcessor[];
  readonly providerOptions: LoggerProviderOptions;
}

/** What a configuration has come to. */
export interface Pipeline extends MadePipeline {
  readonly isDisabled: boolean;
  /** As the file has it, such as `debug`. */
  readonly logLevel: string | undefined;
}

/**
 * Makes everything that a configuration asks for, or nothing: where one component fails, the others are shut down again.
 * @throws ConfigurationError
 */
export function buildPipeline(
  source: ConfigurationSource,
  registry: ComponentRegistry,
  options: ConfigurationOptions,
): Pipeline {
  const read = readConfiguration(source, registry);
  if (read.mistakes.length > 0) throw new ConfigurationError(read.mistakes);
  if (read.ignored.length > 0) {
    diagnostics.info(`Sections that are not about logs are ignored: ${read.ignored.join(', ')}`);
  }
  const { disabled, log_level: logLevel } = read.content.properties;
  const content = disabled === true ? withoutComponents(read.content) : read.content;
  const made = make(content, read.list, options);
  return { ...made, isDisabled: disabled === true, logLevel: (logLevel ?? undefined) as string | undefined };
}

function withoutComponents({ properties }: NodeContent): NodeContent {
  const { logger_provider: _processors, ...rest } = properties;
  return { properties: rest, places: [], children: [] };
}

function make(content: NodeContent, list: MistakeList, options: ConfigurationOptions): MadePipeline {
  const { selfObsMeterProvider, onComponent } = options;
  const maker = new ComponentMaker({ selfObsMeterProvider }, list);
  try {
    const sections = maker.makeContent(content);
    if (sections === undefined) throw new ConfigurationError(list.toArray());
    const made = providerOptions(sections, selfObsMeterProvider);
    for (const { component, path, ...info } of maker.made) onComponent?.(component, { path: pathText(path), ...info });
    return { processors: made.processors ?? [], providerOptions: made };
  } catch (error) {
    maker.discard();
    throw error;
  }
}
