export type {
  ComponentContext,
  ComponentProperties,
  ComponentProvider,
  ComponentType,
  ComponentTypes,
} from './configuration/component-provider.ts';
export { type ComponentDefinition, defineComponentProvider } from './configuration/define-component-provider.ts';
export { objectSchema, toOptions } from './configuration/object-properties.ts';
export {
  type JsonSchema,
  orNull,
  type Properties,
  type Property,
  type PropertyOptions,
  required,
} from './configuration/property.ts';
export {
  bySeverity,
  choice,
  component,
  flag,
  group,
  type GroupOptions,
  integer,
  list,
  milliseconds,
  number,
  property,
  recordField,
  severityName,
  severityNumber,
  table,
  text,
  type TextOptions,
  timeLimit,
} from './configuration/property-kinds.ts';
export { recordConditions } from './configuration/record-condition-property.ts';
