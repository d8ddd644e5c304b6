import type { MeterProvider } from '@opentelemetry/api';
import {
  createLoggerConfigurator,
  type LoggerConfig,
  type LoggerProviderOptions,
  type LogRecordLimits,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { type ComponentProperties, toOptions } from '@spillway/core/component-provider';

import { SECTIONS } from '../document/file-sections.ts';
import { createResource, type ResourceOptions } from './resource.ts';

/** The sections of the file in camelCase, with components that were made. */
interface FileOptions {
  readonly disabled?: boolean;
  readonly attributeLimits?: LogRecordLimits;
  readonly loggerProvider?: LoggerProviderSection;
  readonly resource?: ResourceOptions;
}

interface LoggerProviderSection {
  readonly processors: LogRecordProcessor[];
  readonly limits?: LogRecordLimits;
  readonly loggerConfigurator?: LoggerConfiguratorSection;
}

interface LoggerConfiguratorSection {
  readonly defaultConfig?: LoggerConfig;
  readonly loggers?: readonly { readonly name: string; readonly config: LoggerConfig }[];
}

/** Options of a logger provider that is made as the file says. */
export function providerOptions(sections: ComponentProperties, meterProvider?: MeterProvider): LoggerProviderOptions {
  const { attributeLimits, loggerProvider, resource = {} } = toOptions(SECTIONS, sections) as FileOptions;
  const { processors = [], limits, loggerConfigurator } = loggerProvider ?? {};
  return {
    resource: createResource(resource),
    processors,
    logRecordLimits: { ...attributeLimits, ...limits },
    ...(loggerConfigurator !== undefined && { loggerConfigurator: configurator(loggerConfigurator) }),
    ...(meterProvider !== undefined && { meterProvider }),
  };
}

function configurator({ defaultConfig = {}, loggers = [] }: LoggerConfiguratorSection) {
  const patterns = loggers.map(({ name, config }) => ({ pattern: name, config }));
  return createLoggerConfigurator([...patterns, { pattern: '*', config: defaultConfig }]);
}
