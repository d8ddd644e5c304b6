import type { MeterProvider } from '@opentelemetry/api';
import { checkFields, checkFunction, checkMethods, checkOptions } from '@spillway/core';
import type { ComponentProvider, ComponentType } from '@spillway/core/component-provider';

import { ComponentRegistry } from './components/component-registry.ts';
import { KNOWN_COMPONENTS } from './known-components.ts';
import type { Environment } from './with-environment.ts';

/** Which component it is that was made. */
export interface ComponentInfo {
  /** Where it is in the configuration, such as `logger_provider.processors[0].hybrid`. */
  readonly path: string;
  readonly type: ComponentType;
  /** Name of its node, such as `hybrid`. */
  readonly name: string;
}

/** What reading a configuration needs. */
export interface ReadOptions {
  /** Components besides those of this project and of OpenTelemetry. @defaultValue none */
  readonly components?: readonly ComponentProvider[];
  /** Environment variables: those that the file refers to, and what OpenTelemetry reads. @defaultValue those of the process */
  readonly environment?: Environment;
}

export interface ConfigurationOptions extends ReadOptions {
  /** Where metrics about the components and the provider go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
  /** Called with each component when all were made: for `stats()` in health checks. @defaultValue nothing is called */
  readonly onComponent?: (component: unknown, info: ComponentInfo) => void;
}

export interface LoggerProviderConfigurationOptions extends ConfigurationOptions {
  /**
   * Whether what is held leaves when the process crashes, exits or gets a signal, as with `flushOnCrash()` of
   * `@spillway/delivery`: from now on and for good, also after a shutdown. Set it in a program that has one provider for as
   * long as it lives. @defaultValue false: a provider in a library or a test must not listen to the process
   */
  readonly flushOnCrash?: boolean;
}

const READ_FIELDS = ['components', 'environment'];

/** @throws TypeError where an option is wrong, or a component is there twice */
export function readRegistry(options: ReadOptions): ComponentRegistry {
  checkOptions(options);
  checkFields('', options, READ_FIELDS);
  return new ComponentRegistry(KNOWN_COMPONENTS, options.components);
}

/**
 * @param more fields that there may be besides
 * @throws TypeError where an option is wrong, or a component is there twice
 */
export function checkedRegistry(options: ConfigurationOptions, more: readonly string[] = []): ComponentRegistry {
  checkOptions(options);
  checkFields('', options, [...READ_FIELDS, 'selfObsMeterProvider', 'onComponent', ...more]);
  checkFunction('onComponent', options.onComponent);
  const { selfObsMeterProvider } = options;
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  return new ComponentRegistry(KNOWN_COMPONENTS, options.components);
}
