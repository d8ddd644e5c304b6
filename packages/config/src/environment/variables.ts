import type { NodePath } from '../mistakes/node-path.ts';

/** A variable that is a property of the exporter, or of a processor before it. */
export interface PropertyVariable {
  readonly name: string;
  /** Name of the processor; the exporter where there is none. */
  readonly processor?: 'hybrid' | 'sampling';
  /** Where the property may be; the first that there is counts. */
  readonly properties: readonly NodePath[];
}

/** Which exporter it is: what everything else hangs on. */
export const EXPORTER_VARIABLE = 'SPILLWAY_EXPORTER';
/** The file that `@spillway/config/register` reads. */
export const FILE_VARIABLE = 'SPILLWAY_CONFIG_FILE';
/** Modules with components of others, which it loads. */
export const COMPONENTS_VARIABLE = 'SPILLWAY_COMPONENTS';

export const PROPERTY_VARIABLES: readonly PropertyVariable[] = [
  { name: 'SPILLWAY_ENDPOINT', properties: [['endpoint']] },
  { name: 'SPILLWAY_HEADERS', properties: [['headers_list']] },
  { name: 'SPILLWAY_BEARER_TOKEN', properties: [['bearer_token'], ['pull', 'bearer_token']] },
  { name: 'SPILLWAY_TIMEOUT', properties: [['timeout']] },
  { name: 'SPILLWAY_COMPRESSION', properties: [['compression']] },
  { name: 'SPILLWAY_OUTBOX_DIRECTORY', properties: [['outbox', 'file', 'directory']] },
  { name: 'SPILLWAY_ROUTING_KEY', properties: [['routing_key']] },
  { name: 'SPILLWAY_HOST', properties: [['host'], ['pull', 'host']] },
  { name: 'SPILLWAY_PORT', properties: [['port'], ['pull', 'port']] },
  { name: 'SPILLWAY_IMMEDIATE_MIN_SEVERITY', processor: 'hybrid', properties: [['immediate_min_severity']] },
  { name: 'SPILLWAY_SAMPLING_RATIO', processor: 'sampling', properties: [['ratio']] },
];

/** All names of variables that mean something here. */
export const VARIABLE_NAMES: readonly string[] = [
  FILE_VARIABLE,
  COMPONENTS_VARIABLE,
  EXPORTER_VARIABLE,
  ...PROPERTY_VARIABLES.map(({ name }) => name),
];
