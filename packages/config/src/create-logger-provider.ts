import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { checkBoolean } from '@spillway/core';
import { flushOnCrash } from '@spillway/delivery';

import { buildPipeline, type MadePipeline } from './build-pipeline.ts';
import type { ComponentRegistry } from './components/component-registry.ts';
import {
  checkedRegistry,
  type ConfigurationOptions,
  type LoggerProviderConfigurationOptions,
} from './configuration-options.ts';
import type { ConfigurationSource } from './document/load-configuration.ts';
import { isSdkDisabled } from './sdk-disabled.ts';
import { withEnvironment } from './with-environment.ts';

const NOTHING: MadePipeline = { processors: [], providerOptions: {} };

/**
 * Makes a logger provider as a configuration says. With `disabled: true` it has no processors; with `OTEL_SDK_DISABLED=true`
 * the configuration is not even read.
 *
 * @param source path of a YAML or JSON file, or what such a file has
 * @throws ConfigurationError with all mistakes; nothing that was made stays. TypeError where an option is wrong.
 */
export function createLoggerProvider(
  source: ConfigurationSource,
  options: LoggerProviderConfigurationOptions = {},
): LoggerProvider {
  const registry = checkedRegistry(options, ['flushOnCrash']);
  const isFlushed = checkBoolean('flushOnCrash', options.flushOnCrash ?? false);
  const { processors, providerOptions } = makePipeline(source, registry, options);
  const provider = new LoggerProvider(providerOptions);
  if (isFlushed && processors.length > 0) flushOnCrash({ processors });
  return provider;
}

/**
 * Makes only the processors that a configuration says, for a provider or a `NodeSDK` of the application's own. The resource,
 * the limits and the logger configurator of the file have no effect then. None with `disabled: true`; with
 * `OTEL_SDK_DISABLED=true` the configuration is not even read.
 *
 * @param source path of a YAML or JSON file, or what such a file has
 * @throws ConfigurationError with all mistakes; nothing that was made stays. TypeError where an option is wrong.
 */
export function createLogRecordProcessors(
  source: ConfigurationSource,
  options: ConfigurationOptions = {},
): LogRecordProcessor[] {
  return [...makePipeline(source, checkedRegistry(options), options).processors];
}

function makePipeline(
  source: ConfigurationSource,
  registry: ComponentRegistry,
  options: ConfigurationOptions,
): MadePipeline {
  return withEnvironment(options.environment, () =>
    isSdkDisabled() ? NOTHING : buildPipeline(source, registry, options),
  );
}
