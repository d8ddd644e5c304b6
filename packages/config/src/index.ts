export type {
  ComponentInfo,
  ConfigurationOptions,
  LoggerProviderConfigurationOptions,
  ReadOptions,
} from './configuration-options.ts';
export { configurationSchema } from './configuration-schema.ts';
export { createLoggerProvider, createLogRecordProcessors } from './create-logger-provider.ts';
export type { ConfigurationModel, ConfigurationSource } from './document/load-configuration.ts';
export { readEnvironment } from './environment/read-environment.ts';
export { findMistakes } from './find-mistakes.ts';
export { loadComponents } from './load-components.ts';
export { ConfigurationError, type ConfigurationMistake, mistakeText } from './mistakes/configuration-error.ts';
export { redactedConfiguration } from './redacted-configuration.ts';
export type { Environment } from './with-environment.ts';
