import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordExporter, LogRecordProcessor } from '@opentelemetry/sdk-logs';

import type { JsonSchema } from './property.ts';

/** What a provider makes, by the name of its type: those of OpenTelemetry's configuration data model. */
export interface ComponentTypes {
  readonly LogRecordProcessor: LogRecordProcessor;
  readonly LogRecordExporter: LogRecordExporter;
}

export type ComponentType = keyof ComponentTypes;

/** Properties of a component as a configuration file has them. */
export type ComponentProperties = Readonly<Record<string, unknown>>;

/** What a component gets besides its properties. */
export interface ComponentContext {
  /** Where metrics about the component itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider | undefined;
}

/**
 * Makes a component of its properties in a configuration file, where it is a node of its name. Type and name together are
 * unique. The shape is that of OpenTelemetry's plugin component providers.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk/#plugincomponentprovider (read 2026-11-21)
 */
export interface ComponentProvider<Type extends ComponentType = ComponentType> {
  readonly type: Type;
  /** Name of the node, in snake_case. */
  readonly name: string;
  /**
   * JSON Schema (2020-12) of the properties: an object. A property whose schema is a `$ref` to `#/$defs/LogRecordProcessor` or
   * `#/$defs/LogRecordExporter` is a component of its own; `createComponent` gets it made. `writeOnly` marks secrets.
   * @defaultValue any properties, none of them a component
   */
  readonly schema?: JsonSchema;
  /**
   * Makes the component; starts nothing that its `shutdown` does not end.
   * @throws Error that names the property that is wrong
   */
  createComponent(properties: ComponentProperties, context?: ComponentContext): ComponentTypes[Type];
  /**
   * Throws what `createComponent` would, without making anything. Components among the properties may be others than there will
   * be, which do nothing.
   * @defaultValue the schema tells all
   */
  checkProperties?(properties: ComponentProperties): void;
}
